"""Five industries: what is sold, to whom, in which rhythm, and what the books look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rhythm = Literal["regular", "tenders", "subscriptions", "seasonal", "geographic"]


@dataclass(frozen=True)
class Segment:
    """A kind of customer.

    `spend` are the bounds of a year's spend in units of the market's scale, `staff` those of
    the number of employees, `share` is the part of the book's accounts, `points` what a score
    card gives for it.
    """

    name: str
    industry: str
    share: float
    spend: tuple[int, int]
    staff: tuple[int, int]
    points: int
    trades: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A product line: its name, its family and the list price of its two products."""

    name: str
    family: str
    prices: tuple[int, int]


@dataclass(frozen=True)
class Industry:
    """A company's world.

    `segments` stand with the largest customers first. `rivals` are the registered competitors,
    `outsider` is a rival that the company has not listed. `gaps` are days between two orders of
    an account, one of which each account has. `deals` are forms of a deal's name, with the line
    for `{}`. `accounts` and `reps` bound the size of a book, `months` are those it may be of.
    """

    key: str
    company: str
    strategy: str
    markets: tuple[str, str]
    segments: tuple[Segment, Segment, Segment]
    lines: tuple[Line, ...]
    rivals: tuple[str, str]
    outsider: str
    rhythm: Rhythm
    gaps: tuple[int, ...]
    deals: tuple[str, ...]
    accounts: tuple[int, int]
    reps: tuple[int, int]
    managers: int
    first_month: int
    months: tuple[int, ...]


INDUSTRIES: tuple[Industry, ...] = (
    Industry(
        key="components",
        company="Marrowgate Components",
        strategy="Grow with machine builders that design us in; keep the rhythm of repair shops.",
        markets=("germany", "benelux"),
        segments=(
            Segment(
                "Machine builder",
                "Machine building",
                0.3,
                (90_000, 190_000),
                (220, 900),
                6,
                ("Machines", "Automation", "Presses", "Drives"),
            ),
            Segment(
                "Contract manufacturer",
                "Metalworking",
                0.4,
                (28_000, 64_000),
                (45, 180),
                3,
                ("Metalworks", "Fabrication", "Precision", "Castings"),
            ),
            Segment(
                "Repair workshop",
                "Maintenance",
                0.3,
                (2_500, 9_500),
                (4, 24),
                -2,
                ("Repairs", "Maintenance", "Workshop", "Services"),
            ),
        ),
        lines=(
            Line("Bearings", "Motion", (24, 180)),
            Line("Linear guides", "Motion", (140, 620)),
            Line("Couplings", "Motion", (35, 210)),
            Line("Seals", "Fluid", (6, 48)),
            Line("Hydraulic hoses", "Fluid", (22, 95)),
            Line("Drive belts", "Power", (18, 130)),
            Line("Sensors", "Control", (55, 340)),
        ),
        rivals=("Dravik Antriebe", "Norhelm Supply"),
        outsider="Pellworth Industrial",
        rhythm="regular",
        gaps=(30, 45, 61, 91),
        deals=("Supply agreement {}", "Frame order {}", "Second line {}"),
        accounts=(44, 56),
        reps=(5, 6),
        managers=2,
        first_month=1,
        months=(2, 5, 8, 11),
    ),
    Industry(
        key="medical",
        company="Ostrander Medical",
        strategy="Win the tenders of large hospitals; keep clinics supplied without field time.",
        markets=("united-states", "canada"),
        segments=(
            Segment(
                "University hospital",
                "Hospitals",
                0.32,
                (260_000, 520_000),
                (2_400, 8_000),
                8,
                ("University Hospital", "Medical Center", "Teaching Hospital"),
            ),
            Segment(
                "Regional hospital",
                "Hospitals",
                0.36,
                (80_000, 170_000),
                (400, 1_500),
                4,
                ("Regional Hospital", "General Hospital", "Community Hospital"),
            ),
            Segment(
                "Outpatient clinic",
                "Clinics",
                0.32,
                (7_000, 24_000),
                (12, 70),
                -3,
                ("Clinic", "Surgery Center", "Family Practice"),
            ),
        ),
        lines=(
            Line("Infusion pumps", "Devices", (2_400, 4_900)),
            Line("Patient monitors", "Devices", (3_100, 7_800)),
            Line("Ultrasound probes", "Devices", (5_200, 9_400)),
            Line("Sterilisers", "Central supply", (6_800, 12_500)),
            Line("Surgical drapes", "Consumables", (40, 160)),
            Line("Service contracts", "Service", (1_500, 6_000)),
        ),
        rivals=("Kestral Biomedical", "Vantor Health Systems"),
        outsider="Ellisar Devices",
        rhythm="tenders",
        gaps=(55, 90, 130),
        deals=("Tender {}", "Replacement {}", "Ward equipment {}"),
        accounts=(26, 30),
        reps=(3, 3),
        managers=1,
        first_month=10,
        months=(1, 4, 7, 10),
    ),
    Industry(
        key="software",
        company="Larkfield Software",
        strategy="Renew early, and move field users to the whole suite.",
        markets=("united-kingdom", "united-states"),
        segments=(
            Segment(
                "Enterprise",
                "Utilities",
                0.3,
                (110_000, 240_000),
                (1_200, 5_200),
                7,
                ("Utilities", "Power", "Water"),
            ),
            Segment(
                "Mid-market",
                "Facility services",
                0.38,
                (30_000, 72_000),
                (120, 600),
                4,
                ("Facilities", "Building Services", "Lifts"),
            ),
            Segment(
                "Small business",
                "Trades",
                0.32,
                (3_000, 11_000),
                (6, 45),
                -2,
                ("Plumbing", "Electrical", "Roofing"),
            ),
        ),
        lines=(
            Line("Scheduling", "Core", (480, 1_900)),
            Line("Field app", "Core", (260, 940)),
            Line("Parts inventory", "Core", (390, 1_400)),
            Line("Analytics", "Insight", (900, 3_200)),
            Line("Integration hub", "Platform", (1_200, 4_400)),
            Line("Premium support", "Service", (600, 2_600)),
        ),
        rivals=("Brevio Systems", "Tasklane"),
        outsider="Corvidant",
        rhythm="subscriptions",
        gaps=(91, 182),
        deals=("Renewal {}", "Seats {}", "Rollout {}"),
        accounts=(36, 46),
        reps=(4, 5),
        managers=2,
        first_month=2,
        months=(3, 6, 9, 12),
    ),
    Industry(
        key="food",
        company="Saltmarsh Ingredients",
        strategy="Be in the recipe before the season; grow with bakeries that run several lines.",
        markets=("benelux", "canada"),
        segments=(
            Segment(
                "Industrial bakery",
                "Bakery",
                0.32,
                (95_000, 210_000),
                (160, 700),
                6,
                ("Bakeries", "Baking", "Bread"),
            ),
            Segment(
                "Dairy",
                "Dairy",
                0.34,
                (30_000, 70_000),
                (50, 240),
                3,
                ("Dairy", "Creamery", "Cheese"),
            ),
            Segment(
                "Confectioner",
                "Confectionery",
                0.34,
                (2_500, 10_000),
                (5, 30),
                -1,
                ("Confectionery", "Chocolate", "Sweets"),
            ),
        ),
        lines=(
            Line("Vanilla extracts", "Flavours", (60, 420)),
            Line("Fruit pastes", "Flavours", (35, 150)),
            Line("Cocoa powders", "Cocoa", (28, 120)),
            Line("Enzymes", "Bakery aids", (90, 380)),
            Line("Starches", "Texture", (14, 60)),
            Line("Natural colours", "Colours", (75, 260)),
            Line("Emulsifiers", "Texture", (30, 140)),
        ),
        rivals=("Hollis & Fane Flavours", "Granlund Ingredients"),
        outsider="Mirador Foods Supply",
        rhythm="seasonal",
        gaps=(28, 42, 56),
        deals=("Recipe change {}", "Season contract {}", "New range {}"),
        accounts=(38, 50),
        reps=(4, 5),
        managers=1,
        first_month=1,
        months=(2, 4, 8, 10),
    ),
    Industry(
        key="logistics",
        company="Tidewater Freight Services",
        strategy="Fill the lanes we run; win retailers that need returns handled.",
        markets=("sweden", "united-kingdom"),
        segments=(
            Segment(
                "Retail chain",
                "Retail",
                0.3,
                (120_000, 260_000),
                (600, 3_500),
                7,
                ("Stores", "Outfitters", "Supermarkets"),
            ),
            Segment(
                "Manufacturer",
                "Manufacturing",
                0.38,
                (34_000, 78_000),
                (80, 420),
                4,
                ("Furniture", "Tools", "Textiles"),
            ),
            Segment(
                "Web shop",
                "E-commerce",
                0.32,
                (3_000, 12_000),
                (3, 28),
                -2,
                ("Online", "Direct", "Mail Order"),
            ),
        ),
        lines=(
            Line("Groupage", "Transport", (90, 260)),
            Line("Full loads", "Transport", (620, 1_450)),
            Line("Cold chain", "Transport", (380, 900)),
            Line("Warehousing", "Contract", (240, 800)),
            Line("Customs clearance", "Contract", (45, 120)),
            Line("Returns handling", "Contract", (70, 190)),
        ),
        rivals=("Brannigan Carriers", "Ostfrakt Lines"),
        outsider="Veldhaul",
        rhythm="geographic",
        gaps=(30, 45, 60),
        deals=("Lane contract {}", "Site opening {}", "Peak season {}"),
        accounts=(46, 60),
        reps=(4, 6),
        managers=2,
        first_month=7,
        months=(2, 5, 8, 11),
    ),
)
