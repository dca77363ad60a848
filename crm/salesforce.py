"""Salesforce's names for our tables, columns and values, as data."""

from __future__ import annotations

FILES: dict[str, str] = {
    "Account": "accounts",
    "Contact": "contacts",
    "User": "reps",
    "Leave__c": "leave",
    "ForecastingQuota": "quotas",
    "Territory2": "territories",
    "Product2": "products",
    "OrderItem": "orders",
    "Opportunity": "opportunities",
    "Task": "activities",
    "Event": "activities",
    "IntentSignal__c": "intent_signals",
    "Document__c": "documents",
}
"""Object names, as an export names its files, to our tables."""

COLUMNS: dict[str, dict[str, str]] = {
    "accounts": {
        "Id": "account_id",
        "Name": "name",
        "ParentId": "parent_id",
        "OwnerId": "owner_id",
        "Territory__c": "territory_id",
        "Industry": "industry",
        "Type": "segment",
        "Product_Focus__c": "product_focus",
        "NumberOfEmployees": "employees",
        "AnnualRevenue": "annual_revenue",
        "YearStarted": "founded",
        "BillingCountryCode": "country",
        "BillingStateCode": "region",
        "BillingCity": "city",
        "BillingPostalCode": "postal_code",
        "BillingLatitude": "latitude",
        "BillingLongitude": "longitude",
        "Location_Precision__c": "location_precision",
        "TimeZone__c": "time_zone",
        "LastModifiedDate": "updated",
    },
    "contacts": {
        "Id": "contact_id",
        "AccountId": "account_id",
        "Name": "name",
        "Title": "title",
        "Buying_Role__c": "role",
        "Level__c": "level",
        "Influence__c": "influence",
        "Attitude__c": "attitude",
        "LastActivityDate": "last_contact",
    },
    "reps": {
        "Id": "rep_id",
        "Name": "name",
        "Function__c": "function",
        "ManagerId": "manager_id",
        "Department": "team",
        "City": "base_city",
        "Latitude__c": "base_latitude",
        "Longitude__c": "base_longitude",
        "TimeZoneSidKey": "time_zone",
        "Selling_Hours__c": "selling_hours_week",
        "Start_Date__c": "active_from",
        "End_Date__c": "active_to",
    },
    "leave": {
        "Id": "leave_id",
        "User__c": "rep_id",
        "Starts__c": "starts",
        "Ends__c": "ends",
        "Reason__c": "reason",
    },
    "quotas": {
        "Id": "quota_id",
        "QuotaOwnerId": "rep_id",
        "StartDate": "starts",
        "EndDate__c": "ends",
        "QuotaAmount": "amount",
    },
    "territories": {
        "Id": "territory_id",
        "Name": "name",
        "Country__c": "country",
        "Group__c": "group",
    },
    "products": {
        "Id": "product_id",
        "Name": "name",
        "Family": "category",
        "Line__c": "subcategory",
        "ListPrice__c": "list_price",
        "Live_From__c": "live_from",
        "Live_To__c": "live_to",
    },
    "orders": {
        "Id": "order_line_id",
        "OrderId": "order_id",
        "AccountId": "account_id",
        "Rep__c": "rep_id",
        "Product2Id": "product_id",
        "EffectiveDate": "ordered",
        "Quantity": "quantity",
        "TotalPrice": "amount",
    },
    "opportunities": {
        "Id": "opportunity_id",
        "AccountId": "account_id",
        "OwnerId": "owner_id",
        "Name": "name",
        "StageName": "stage",
        "Amount": "amount",
        "CreatedDate": "opened",
        "CloseDate": "closes",
    },
    "activities": {
        "Id": "activity_id",
        "AccountId": "account_id",
        "WhoId": "contact_id",
        "OwnerId": "rep_id",
        "TaskSubtype": "kind",
        "EventSubtype": "kind",
        "ActivityDate": "occurred",
        "DurationInMinutes": "minutes",
        "Subject": "subject",
    },
    "intent_signals": {
        "Id": "signal_id",
        "Account__c": "account_id",
        "Topic__c": "topic",
        "Strength__c": "strength",
        "Observed__c": "observed",
        "Source__c": "source",
    },
    "documents": {
        "Id": "document_id",
        "Account__c": "account_id",
        "Segment__c": "segment",
        "Kind__c": "kind",
        "Title": "title",
        "Author__c": "author",
        "Author_Class__c": "author_class",
        "Publisher__c": "publisher",
        "Uri__c": "uri",
        "Published__c": "published",
        "Retrieved__c": "retrieved",
        "Text__c": "text",
    },
}
"""Field names to our columns, by our table."""

CURRENCY_COLUMN = "CurrencyIsoCode"
"""On every record of an organisation that uses several currencies."""

VALUES: dict[str, dict[str, dict[str, str]]] = {
    "opportunities": {
        "stage": {
            "needs analysis": "qualification",
            "value proposition": "qualification",
            "id. decision makers": "qualification",
            "perception analysis": "proposal",
            "proposal/price quote": "proposal",
            "negotiation/review": "negotiation",
            "closed won": "won",
            "closed lost": "lost",
        }
    },
    "activities": {"kind": {"listemail": "email", "event": "meeting"}},
}
"""Picklist values in lower case to ours, by table and column."""

IGNORED: frozenset[str] = frozenset(
    """
    AccountNumber AccountSource ActivityOriginType Alias BillingAddress BillingCountry
    BillingGeocodeAccuracy BillingState BillingStreet CallDisposition CallDurationInSeconds
    CallObject CallType CampaignId CleanStatus CommunityNickname CompanyName CompletedDateTime
    ConnectionReceivedId ConnectionSentId ContactId ContractId Country CountryCode CreatedById
    CreatedDate CurrencyIsoCode DandbCompanyId DefaultGroupNotificationFrequency Description
    DeveloperName DigestFrequency Discount Division DoNotCall DunsNumber Email EmailBouncedDate
    EmailBouncedReason EmailEncodingKey EmployeeNumber EndDate EndDateTime ExpectedRevenue
    Extension ExternalDataSourceId ExternalId Fax FederationIdentifier FirstName Fiscal
    FiscalQuarter FiscalYear ForecastCategory ForecastCategoryName ForecastEnabled
    GroupEventType HasOpenActivity HasOpportunityLineItem HasOptedOutOfEmail HasOptedOutOfFax
    HasOverdueTask HomePhone IndividualId IsActive IsAllDayEvent IsArchived IsClosed
    IsCustomerPortal IsDeleted IsEmailBounced IsHighPriority IsPartner IsPrivate
    IsProfilePhotoActive IsRecurrence IsReminderSet IsWon Jigsaw JigsawCompanyId JigsawContactId
    LanguageLocaleKey LastActivityDate LastCURequestDate LastCUUpdateDate LastLoginDate
    LastModifiedById LastModifiedDate LastName LastPasswordChangeDate LastReferencedDate
    LastStageChangeDate LastViewedDate LeadSource ListPrice LocaleSidKey Location MailingAddress
    MailingCity MailingCountry MailingCountryCode MailingGeocodeAccuracy MailingLatitude
    MailingLongitude MailingPostalCode MailingState MailingStateCode MailingStreet
    MasterRecordId MiddleName MobilePhone NaicsCode NaicsDesc NextStep OperatingHoursId
    OrderItemNumber OriginalOrderItemId OtherAddress OtherCity OtherCountry OtherCountryCode
    OtherGeocodeAccuracy OtherLatitude OtherLongitude OtherPhone OtherPostalCode OtherState
    OtherStateCode OtherStreet OwnerRoleId Ownership ParentTerritory2Id Phone PhotoUrl
    PostalCode Pricebook2Id PricebookEntryId Priority Probability ProductClass ProductCode
    ProfileId PushCount QuantityUnitOfMeasure Rating RecordTypeId ReminderDateTime ReportsToId
    Salutation ServiceDate ShippingAddress ShippingCity ShippingCountry ShippingCountryCode
    ShippingGeocodeAccuracy ShippingLatitude ShippingLongitude ShippingPostalCode ShippingState
    ShippingStateCode ShippingStreet Sic SicDesc Site StartDateTime State StateCode Status
    StockKeepingUnit Street Suffix SystemModstamp Territory2ModelId Territory2TypeId
    TickerSymbol Tradestyle UnitPrice UserRoleId UserType Username Website WhatId
    """.split()
)
"""Standard Salesforce fields that Cadastre knows and does not use."""
