"""Words of everyday language: alone they are not taken for a part of somebody's name."""

from __future__ import annotations

COMMON: frozenset[str] = frozenset(
    """
    a about above account accounts across actually add adjust after again against ago agenda
    ahead all almost already also always am among an and another answer any anybody anyone
    anything apart approve approved are aren around as ask assign at attention available away
    awaiting back bad balance be because become been before began begin behind being below best
    better between big bigger biggest book both bought bring brief briefing budget build busy
    but buy buyer buyers buying buys by call called calls came can cannot cant capacity cases
    catch change changed changes changing check choose city close colleagues come comes coming
    command commands company compare compared comparison consider contact contacts contrast
    could couple create cross current customer customers cut date day days deal deals decide
    decided decision decisions decrease deserve deserves did didn didnt differ difference
    different discuss do does doesn doesnt doing done dont down draft drafted drafting drafts
    drop dropped due during each earlier easy either else email enough especially ever every
    everybody everyone everything exactly expand expect explain fall fallen far fast few fewer
    find finish first fit fits five focus follow for forget found four free from full further
    gain gained gap gaps gave generate get gets getting give given go goes going gone good got
    group grow growing growth guess had half happen happened happening happens hardly has have
    haven having he hello help her here hers hey hi high higher highest him his history hour
    hours how however i id idea ideas if im important in inbox include included increase
    information inside instead interest interested into is isn isnt it items its itself job just
    keep kept kind know known last late lately later latest least leave left less let lets
    level like likely line lines list little ll load long longer look looking looks lose losing
    lost lot lots low lower lowest made mail main make makes making manager many market matter
    matters may maybe me mean means meant meet meeting meetings mention mentioned mentions
    message might mine minutes missing moment monday money month months more morning most move
    moved moves moving much must my myself name named near nearly need needs never new news next
    nice no nobody none nor not note notes nothing notice now number numbers of off offer often
    ok okay old on once one ones only onto open opportunity or order ordered orders other others
    our ours out outstanding over overall own owner part past pending people per percent perhaps
    period person pick picture piece plan planned planning plans play plays please point points
    position possible potential prefer prepare previous priorities priority probably problem
    product products proposal propose purchase put quarter question questions quick quickly
    quite rank ranked ranking ranks rather ratio re read ready really reason reasons recent
    recently record redo region remark remember remind remove rep reply reps request rest
    result results return returned review revise rewrite right rise risk room run said sale
    sales same saw say saying says scenario scenarios schedule score scored scores scoring
    search second section see seems segment segments sell selling send sense sent set several
    shall share she short shorter should show shows side sign similar simple simply since six
    size skip small so some somebody someone something soon sorry sort spend split stand
    standing start started state stay step still stop stuff such suggest suggestion summarise
    summarize summary sure switch table take taken takes talk task tasks team tell ten term
    territories territory than thank thanks that thats the their them themselves then there
    these they thing things think third this those though thought three through tier tiers
    till time times to today together told tomorrow too top total touch touches toward
    travel trend tried true try turn turned two type under understand until untouched up update
    updated upside us use used using usual value ve versus very view visit visited visits vs
    wait waiting want wanted wants was way ways we week weeks well went were what whats whatever
    when where whether which while white whitespace who whole whom whose why will win wish with
    within without won wont word words work working works workload worse worst worth would write
    written wrong year years yes yesterday yet you your yours
    accepted added adds advice advise agree answer answers arrange asked asking asks attached
    aware behaviour bigger bit block blocked blocks bother bought bye carries carry categories
    category
    certain chance chances clear clearly clothing comment comments complain complained complaint
    complaints complete
    confirm cope cost costs cover coverage currently decides declined depends describe details
    develop
    disruption doc document documents drive drives early earn effort email emails ends enough
    equal estimate even evening evidence exact example examples expected explained explains extra
    fair fairly fall falls feel figure figures final finance fix fixed flag flagged followed force
    forecast former friday full gains general gone great grew grows handle hand happy hard hear
    heard hold holiday holidays hope hot huge hurry idle improve incl incoming indicate inform
    initially instead insight insights issue issues jump justified justify lack lacking lacks
    latter
    lead leads leave lets letter lift limit live loads losing low maintain match maximum meaning
    measure
    median mid minimum mistake mix moving neglected normal nearest nobody numbers obvious occurred
    offered offering opinion oppose ordering overdue overview owned owning owns paid paper
    part parts pass pay peer peers pick picked pitch places play portfolio positions post prep
    prepared
    present pressing price prices probably proceed progress promise promised proposed propose
    proposes
    pull push questions quit quote quoted quotes reach reached read reading reasoning recap
    receive
    recommend recommended recommends refer regarding region regions regular reject rejected
    related
    relationship relevant reports rewritten rid rise risen rising risks rose rough
    rule rules safe save scope season sections sees selected sells
    separate service services serve serves shift shrink sides sign signed signs single situation
    slightly slow small someplace speak speaking speaks specific spends spoke spoken spread
    stakeholder stakeholders statement stays stock stocks stocking story strategic strategy
    strong structure struggling stuck summer support supporting supports supposed surprise talking
    team tender terms text themes tight topic topics track training treat tried
    trouble trust truth turns typical unclear underneath urgent user valid valuable value
    various view visible vs warm warning watch weak weakest weather weekend weekly wants
    winter wonder wondering worried worry worth wrote zero spring autumn lucky sing snow joke
    weather
    translate german french english spanish dollar euro times plus minus divided per cent percent
    space spaces afternoon evening night thx cheers regards dear
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)

COMMANDING: frozenset[str] = frozenset(
    """
    account accounts approval approve assign awaiting balance balancing behind brief briefing busy
    buying buys calendar capacity champion change changed changes commands compare compared
    comparison contact contacts contrast decide decides decision decisions describe deserve
    deserves design difference differences draft drafted explain find free gap gaps growth
    happened help
    hours inbox justify load look lines manage mention mentioned mentions moved movement needs
    news notes objective opportunities overbooked overloaded overview pending people plan planned
    plans plays portfolio potential prepare priorities prioritise prioritize priority quarter rank
    ranked ranking realign reason reasoning reasons rebalance rebalancing recommend recommended
    redraft remark returned review reviews revise rewrite rework scenario scenarios schedule score
    scored scores search segment segments selling shorten shorter should since spare sponsor
    stakeholders status stretched suggest suggested summarise summarize summary territories
    territory tier tiers today underloaded underutilised unapproved untapped update upsell
    utilisation utilization versus
    visit waiting week whitespace workload write reject delete publish forward reassign transfer
    """.split()
)
"""Words that commands are known by, for which slips of the keyboard are forgiven first."""
