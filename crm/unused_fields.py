"""Fields of Salesforce that Cadastre knows and does not use, as data."""

from __future__ import annotations

IGNORED: frozenset[str] = frozenset(
    """
    AboutMe AccountNumber AccountSource ActivatedById ActivatedDate ActivityDateTime
    ActivityMetricId ActivityMetricRollupId ActivityOriginType Address Alias AssistantName
    AssistantPhone AvailableQuantity BadgeText BannerPhotoUrl BillingAddress BillingCountry
    BillingEmailAddress BillingGeocodeAccuracy BillingPhoneNumber BillingState BillingStreet
    BillToContactId Birthdate BuyerAttributes CallCenterId CallDisposition CallDurationInSeconds
    CallObject CallType CampaignId CanAllowPortalSelfReg CanUseQuantitySchedule
    CanUseRevenueSchedule ChannelProgramLevelName ChannelProgramName CleanStatus
    CommunityNickname CompanyAuthorizedById CompanyAuthorizedDate CompanyName CompletedDateTime
    ConnectionReceivedId ConnectionSentId ContactId ContactSource ContractId Country CountryCode
    CreatedById CreatedDate CurrencyIsoCode CustomerAuthorizedById CustomerAuthorizedDate
    DandbCompanyId DefaultCurrencyIsoCode DefaultDivision DefaultGroupNotificationFrequency
    DelegatedApproverId Department DepartmentGroup Description DeveloperName DigestFrequency
    Discount DisplayUrl Division DoNotCall DunsNumber Email EmailBouncedDate EmailBouncedReason
    EmailEncodingKey EmailPreferencesAutoBcc EmailPreferencesAutoBccStayInTouch
    EmailPreferencesStayInTouchReminder EmployeeNumber EndDate EndDateTime EndDay
    ExpectedRevenue Extension ExternalDataSourceId ExternalId Fax FederationIdentifier
    FeedItemId FirstName Fiscal FiscalQuarter FiscalYear ForecastCategory ForecastCategoryName
    ForecastEnabled FullPhotoUrl GenderIdentity GeocodeAccuracy GrandTotalAmount GroupEventType
    HasOpenActivity HasOpportunityLineItem HasOptedOutOfEmail HasOptedOutOfFax
    HasOptedOutOfTracking HasOverdueTask HomePhone IndividualId IqScore IsActive IsAllDayEvent
    IsArchived IsChild IsClosed IsCustomerPortal IsDeleted IsEmailBounced
    IsExcludedFromTerritory2Filter IsExtIndicatorVisible IsGroupEvent IsHighPriority IsPartner
    IsPersonAccount IsPortalEnabled IsPriorityRecord IsPrivate IsProfilePhotoActive IsRecurrence
    IsReductionOrder IsReminderSet IsSerialized IsSystemControlled IsVisibleInSelfService IsWon
    Jigsaw JigsawCompanyId JigsawContactId JigsawImportLimitOverride LanguageLocaleKey
    LastActivityDate LastActivityInDays LastAmountChangedHistoryId LastCloseDateChangedHistoryId
    LastCURequestDate LastCUUpdateDate LastLoginDate LastModifiedById LastModifiedDate LastName
    LastPasswordChangeDate LastReferencedDate LastStageChangeDate LastViewedDate Latitude
    LeadSource LegalEntityName ListPrice LocaleSidKey Location Longitude MailingAddress
    MailingCity MailingCountry MailingCountryCode MailingGeocodeAccuracy MailingLatitude
    MailingLongitude MailingPostalCode MailingState MailingStateCode MailingStreet
    MasterRecordId MediumBannerPhotoUrl MediumPhotoUrl MiddleName MobilePhone NaicsCode
    NaicsDesc Name NextStep NumberOfFailedLogins NumberOfQuantityInstallments
    NumberOfRevenueInstallments OfflinePdaTrialExpirationDate OfflineTrialExpirationDate
    OperatingHoursId OpportunityId OrderedDate OrderItemNumber OrderNumber OrderReferenceNumber
    OriginalOrderId OriginalOrderItemId OtherAddress OtherCity OtherCountry OtherCountryCode
    OtherGeocodeAccuracy OtherLatitude OtherLongitude OtherPhone OtherPostalCode OtherState
    OtherStateCode OtherStreet OutOfOfficeMessage OwnerId OwnerRoleId Ownership
    ParentTerritory2Id PasswordExpirationDate PasswordResetAttempt PasswordResetLockoutDate
    PersonAssistantName PersonBirthdate PersonContactId PersonDepartment PersonEmail
    PersonHomePhone PersonMobilePhone PersonTitle Phone PhotoUrl PoDate PoNumber PortalRole
    PostalCode Pricebook2Id PricebookEntryId PrimaryPartnerAccountId Priority Probability
    ProductClass ProductCode ProfileId Pronouns PushCount QuantityInstallmentPeriod
    QuantityScheduleType QuantityUnitOfMeasure QuoteId QuoteLineItemId Rating
    ReceivesAdminInfoEmails ReceivesInfoEmails RecordTypeId ReminderDateTime ReportsToId
    RevenueInstallmentPeriod RevenueScheduleType SalesChannelId Salutation SellerId SenderEmail
    SenderName ServiceAppointmentId ServiceDate ShippingAddress ShippingCity ShippingCountry
    ShippingCountryCode ShippingGeocodeAccuracy ShippingLatitude ShippingLongitude
    ShippingPostalCode ShippingState ShippingStateCode ShippingStreet ShipToContactId ShowAs Sic
    SicDesc Signature Site SmallBannerPhotoUrl SmallPhotoUrl SourceProductId StartDateTime
    StartDay State StateCode Status StatusCode StayInTouchNote StayInTouchSignature
    StayInTouchSubject StockKeepingUnit Street SuAccessExpirationDate Suffix
    SuOrgAdminExpirationDate SyncedQuoteId SystemModstamp TaxLocaleType TaxPolicyId
    Territory2ModelId Territory2TypeId TickerSymbol Tier Title TitleType TotalAmount
    TotalLineAmount TotalOpportunityQuantity TotalTaxAmount Tradestyle Type UnitPrice Username
    UserRoleId UserSubtype UserType Website WhatCount WhatId WhoCount WirelessEmail WorkspaceId
    """.split()
)
"""Standard fields of the objects we read, and of the weekly export."""

SAMPLE_FIELDS: frozenset[str] = frozenset(
    """
    Active__c CurrentGenerators__c CustomerPriority__c DeliveryInstallationStatus__c Languages__c
    MainCompetitors__c NumberofLocations__c OrderNumber__c SLAExpirationDate__c
    SLASerialNumber__c SLA__c TrackingNumber__c UpsellOpportunity__c
    """.split()
)
"""Custom fields that every new organisation of Salesforce is created with."""

PREFIXES = (
    "EmailPreferences",
    "IsRecurrence",
    "PersonMailing",
    "PersonOther",
    "Recurrence",
    "UserPermissions",
    "UserPreferences",
)
"""Beginnings of standard field families too long to list."""

_ON_ONE_OBJECT: dict[str, frozenset[str]] = {
    "reps": frozenset({"accountid"}),  # the account of a portal user
    "opportunities": frozenset({"territory2id"}),
    "quotas": frozenset({"territory2id"}),
}
_NAMES = frozenset(name.casefold() for name in IGNORED | SAMPLE_FIELDS)
_BEGINNINGS = tuple(prefix.casefold() for prefix in PREFIXES)


def is_unused(header: str, table: str) -> bool:
    """Say whether a header, in any case of letters, is a Salesforce field without use here."""
    name = header.casefold()
    if name in _NAMES or name in _ON_ONE_OBJECT.get(table, frozenset()):
        return True
    return name.startswith(_BEGINNINGS) and not name.endswith("__c")
