"""Header rows of the exports that are written, as the systems write them."""

from __future__ import annotations


def _columns(text: str) -> list[str]:
    """The headers of a text with `|` between them."""
    return [header.strip() for header in text.split("|")]


HUBSPOT = {
    "companies": _columns("""
        Record ID | Company name | Company Domain Name | Website URL |
        Phone Number | Street Address | City | State/Region | Postal Code |
        Country/Region | Industry | Number of Employees | Annual Revenue |
        Type | Lifecycle Stage | Lead Status | Company owner | Create Date |
        Last Modified Date | Last Activity Date | Parent Company |
        Associated Contact IDs | Associated Contact
    """),
    "contacts": _columns("""
        Record ID | First Name | Last Name | Email | Phone Number |
        Mobile Phone Number | Job Title | Company Name | City |
        State/Region | Country/Region | Lifecycle Stage | Lead Status |
        Contact owner | Create Date | Last Modified Date |
        Last Activity Date | Original Source | Merged Contact IDs |
        Associated Company IDs | Associated Company |
        Associated Company IDs (Primary) | Associated Company (Primary)
    """),
    "deals": _columns("""
        Record ID | Deal Name | Pipeline | Deal Stage | Amount |
        Amount in company currency | Currency | Close Date | Create Date |
        Deal owner | Deal Type | Deal Stage Probability | Is Deal Closed? |
        Closed Lost Reason | Closed Won Reason | Original Source Type |
        Last Modified Date | Last Activity Date | Merged object IDs |
        Date entered 'Appointment Scheduled (Sales Pipeline)' |
        Date entered 'Qualified To Buy (Sales Pipeline)' |
        Date entered 'Contract Sent (Sales Pipeline)' |
        Date entered 'Closed Won (Sales Pipeline)' |
        Date entered 'Closed Lost (Sales Pipeline)' |
        Associated Company IDs (Primary) | Associated Company (Primary) |
        Associated Contact IDs | Associated Contact
    """),
    "calls": _columns("""
        Record ID | Call Title | Activity date | Activity assigned to |
        Call notes | Call outcome | Call direction | Call status |
        Call duration | From number | To Number | Associated Contact IDs |
        Associated Company IDs | Associated Deal IDs
    """),
}

SALESFORCE = {
    "Account": _columns("""
        Id | IsDeleted | MasterRecordId | Name | Type | RecordTypeId |
        ParentId | BillingStreet | BillingCity | BillingState |
        BillingPostalCode | BillingCountry | BillingLatitude |
        BillingLongitude | ShippingStreet | ShippingCity | ShippingState |
        ShippingPostalCode | ShippingCountry | Phone | Fax | AccountNumber |
        Website | Sic | Industry | AnnualRevenue | NumberOfEmployees |
        Ownership | TickerSymbol | Description | Rating | Site |
        CurrencyIsoCode | OwnerId | CreatedDate | CreatedById |
        LastModifiedDate | LastModifiedById | SystemModstamp |
        LastActivityDate | AccountSource | SicDesc
    """),
    "Contact": _columns("""
        Id | IsDeleted | MasterRecordId | AccountId | LastName | FirstName |
        Salutation | MailingStreet | MailingCity | MailingState |
        MailingPostalCode | MailingCountry | Phone | Fax | MobilePhone |
        HomePhone | ReportsToId | Email | Title | Department | LeadSource |
        Birthdate | Description | CurrencyIsoCode | OwnerId |
        HasOptedOutOfEmail | DoNotCall | CreatedDate | CreatedById |
        LastModifiedDate | LastModifiedById | SystemModstamp |
        LastActivityDate | EmailBouncedReason | EmailBouncedDate |
        IsEmailBounced
    """),
    "Lead": _columns("""
        Id | IsDeleted | MasterRecordId | LastName | FirstName | Salutation |
        Title | Company | Street | City | State | PostalCode | Country |
        Phone | MobilePhone | Fax | Email | Website | Description |
        LeadSource | Status | Industry | Rating | CurrencyIsoCode |
        AnnualRevenue | NumberOfEmployees | OwnerId | HasOptedOutOfEmail |
        IsConverted | ConvertedDate | ConvertedAccountId |
        ConvertedContactId | ConvertedOpportunityId | IsUnreadByOwner |
        CreatedDate | CreatedById | LastModifiedDate | LastModifiedById |
        SystemModstamp | LastActivityDate
    """),
    "Opportunity": _columns("""
        Id | IsDeleted | AccountId | RecordTypeId | IsPrivate | Name |
        Description | StageName | Amount | Probability | ExpectedRevenue |
        TotalOpportunityQuantity | CloseDate | Type | NextStep | LeadSource |
        IsClosed | IsWon | ForecastCategory | ForecastCategoryName |
        CurrencyIsoCode | CampaignId | HasOpportunityLineItem |
        Pricebook2Id | OwnerId | CreatedDate | CreatedById |
        LastModifiedDate | LastModifiedById | SystemModstamp |
        LastActivityDate | FiscalQuarter | FiscalYear | LastStageChangeDate |
        ContactId
    """),
    "OpportunityHistory": _columns("""
        Id | OpportunityId | CreatedById | CreatedDate | StageName | Amount |
        ExpectedRevenue | CloseDate | Probability | ForecastCategory |
        CurrencyIsoCode | SystemModstamp | IsDeleted | PrevAmount |
        PrevCloseDate
    """),
    "OpportunityFieldHistory": _columns("""
        Id | IsDeleted | OpportunityId | CreatedById | CreatedDate | Field |
        DataType | OldValue | NewValue
    """),
    "OpportunityLineItem": _columns("""
        Id | OpportunityId | SortOrder | PricebookEntryId | Product2Id |
        ProductCode | Name | CurrencyIsoCode | Quantity | TotalPrice |
        UnitPrice | ListPrice | ServiceDate | Description | CreatedDate |
        CreatedById | LastModifiedDate | LastModifiedById | SystemModstamp |
        IsDeleted
    """),
    "Task": _columns("""
        Id | RecordTypeId | WhoId | WhatId | Subject | ActivityDate |
        Status | Priority | IsHighPriority | OwnerId | Description |
        IsDeleted | AccountId | IsClosed | CreatedDate | CreatedById |
        LastModifiedDate | LastModifiedById | SystemModstamp | IsArchived |
        CallDurationInSeconds | CallType | CallDisposition | TaskSubtype |
        CompletedDateTime
    """),
    "User": _columns("""
        Id | Username | LastName | FirstName | Name | CompanyName |
        Division | Department | Title | Email | Alias | IsActive |
        TimeZoneSidKey | UserRoleId | LocaleSidKey | ProfileId | UserType |
        LanguageLocaleKey | ManagerId | LastLoginDate | CreatedDate |
        CreatedById | LastModifiedDate | LastModifiedById | SystemModstamp
    """),
    "Campaign": _columns("""
        Id | IsDeleted | Name | ParentId | Type | Status | StartDate |
        EndDate | CurrencyIsoCode | ExpectedRevenue | BudgetedCost |
        ActualCost | IsActive | Description | NumberOfLeads |
        NumberOfOpportunities | AmountWonOpportunities | OwnerId |
        CreatedDate | CreatedById | LastModifiedDate | LastModifiedById |
        SystemModstamp
    """),
}

SHOPIFY = {
    "orders": _columns("""
        Name | Email | Financial Status | Paid at | Fulfillment Status |
        Fulfilled at | Accepts Marketing | Currency | Subtotal | Shipping |
        Taxes | Total | Discount Code | Discount Amount | Shipping Method |
        Created at | Lineitem quantity | Lineitem name | Lineitem price |
        Lineitem compare at price | Lineitem sku |
        Lineitem requires shipping | Lineitem taxable |
        Lineitem fulfillment status | Billing Name | Billing Street |
        Billing Address1 | Billing Address2 | Billing Company |
        Billing City | Billing Zip | Billing Province | Billing Country |
        Billing Phone | Shipping Name | Shipping Street | Shipping Address1 |
        Shipping Address2 | Shipping Company | Shipping City | Shipping Zip |
        Shipping Province | Shipping Country | Shipping Phone | Notes |
        Note Attributes | Cancelled at | Payment Method | Payment Reference |
        Refunded Amount | Vendor | Outstanding Balance | Employee |
        Location | Device ID | Id | Tags | Risk Level | Source |
        Lineitem discount | Tax 1 Name | Tax 1 Value | Tax 2 Name |
        Tax 2 Value | Tax 3 Name | Tax 3 Value | Tax 4 Name | Tax 4 Value |
        Tax 5 Name | Tax 5 Value | Phone | Receipt Number | Duties |
        Billing Province Name | Shipping Province Name | Payment ID |
        Payment Terms Name | Next Payment Due At | Payment References
    """),
    "customers": _columns("""
        Customer ID | First Name | Last Name | Email |
        Accepts Email Marketing | Default Address Company |
        Default Address Address1 | Default Address Address2 |
        Default Address City | Default Address Province Code |
        Default Address Country Code | Default Address Zip |
        Default Address Phone | Phone | Accepts SMS Marketing | Total Spent |
        Total Orders | Note | Tax Exempt | Tags
    """),
    "products": _columns("""
        Handle | Title | Body (HTML) | Vendor | Product Category | Type |
        Tags | Published | Option1 Name | Option1 Value | Option2 Name |
        Option2 Value | Option3 Name | Option3 Value | Variant SKU |
        Variant Grams | Variant Inventory Tracker | Variant Inventory Qty |
        Variant Inventory Policy | Variant Fulfillment Service |
        Variant Price | Variant Compare At Price |
        Variant Requires Shipping | Variant Taxable | Variant Barcode |
        Image Src | Image Position | Image Alt Text | Gift Card | SEO Title |
        SEO Description | Variant Image | Variant Weight Unit |
        Variant Tax Code | Cost per item | Status
    """),
    "transactions": _columns("""
        Order | Name | Kind | Gateway | Created At | Status | Amount |
        Currency
    """),
}

STRIPE = {
    "payments": _columns("""
        id | Created date (UTC) | Amount | Amount Refunded | Currency |
        Captured | Converted Amount | Converted Amount Refunded |
        Converted Currency | Decline Reason | Description | Fee | Is Link |
        Link Funding | Mode | PaymentIntent ID | Payment Source Type |
        Refunded date (UTC) | Statement Descriptor | Status |
        Seller Message | Taxes On Fee | Card ID | Customer ID |
        Customer Description | Customer Email | Invoice ID | Transfer |
        order_id (metadata)
    """),
    "balance": _columns("""
        balance_transaction_id | created_utc | created | available_on_utc |
        available_on | currency | gross | fee | net | reporting_category |
        source_id | description | customer_facing_amount |
        customer_facing_currency | trace_id | trace_id_status |
        automatic_payout_id | automatic_payout_effective_at_utc |
        automatic_payout_effective_at | customer_id | customer_email |
        customer_description | charge_id | payment_intent_id |
        charge_created_utc | invoice_id | subscription_id |
        payment_method_type | card_brand | card_funding | card_country |
        statement_descriptor | dispute_reason
    """),
    "customers": _columns("""
        id | Description | Email | Name | Created (UTC) | Delinquent | Plan |
        Status | Total Spend | Payment Count | Refunded Volume |
        Dispute Losses
    """),
    "subscriptions": _columns("""
        id | Customer ID | Customer Description | Customer Email |
        Customer Name | Plan | Product | Quantity | Currency | Interval |
        Amount | Status | Created (UTC) | Start (UTC) | Start Date (UTC) |
        Current Period Start (UTC) | Current Period End (UTC) |
        Trial Start (UTC) | Trial End (UTC) | Application Fee Percent |
        Coupon | Tax Percent | Canceled At (UTC) | Ended At (UTC) |
        Cancel At Period End | Cancellation Reason
    """),
    "payouts": _columns("""
        id | Amount | Created (UTC) | Currency | Arrival Date (UTC) |
        Source Type | Destination | Status | Type | Method | Description |
        Balance Transaction
    """),
}

TYPEFORM = _columns("""
    # | First name | Last name | Phone number | Email | Company | Country |
    utm_source | utm_campaign | Response Type | Start Date (UTC) |
    Stage Date (UTC) | Submit Date (UTC) | Network ID | Tags | Ending
""")

META = _columns("""
    id | created_time | ad_id | ad_name | adset_id | adset_name |
    campaign_id | campaign_name | form_id | form_name | is_organic |
    platform | full_name | phone_number | email | inbox_url | lead_status
""")
