# ruff: noqa: E501  - rows of a file, as they are
"""Exports of known systems in their true shapes, with values made up.

What each file holds is worked out from its text by `csv` and `decimal` alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

DECIMALS = {"JPY": 0, "KWD": 3}


@dataclass(frozen=True)
class Export:
    """One file, and what is to be found of it."""

    system: str
    name: str
    table: str
    """Table that takes it, as `commerce.payments`."""
    text: str
    key: str = ""
    """Header of its identifier."""
    ids: dict[str, str] = field(default_factory=dict)
    """Identifier as delivered → as the system means it, where they differ."""
    money: dict[str, str] = field(default_factory=dict)
    """Column of staging → header."""
    currency: str = "Currency"
    """Header of the currency, or its code."""
    group: str = ""
    """Header of what rows have in common of which the first alone has a currency."""
    mark: str = "."
    delimiter: str = ","
    encoding: str = "utf-8"
    beside: int = 0
    """Lines below the records that are none, such as a footer."""

    def rows(self) -> list[dict[str, str]]:
        """Its records, as `csv` reads them."""
        lines = io.StringIO(self.text.removeprefix("\ufeff"), newline="")
        found = list(csv.DictReader(lines, delimiter=self.delimiter))
        return found[: len(found) - self.beside]

    def identifiers(self) -> list[str]:
        """The identifiers of its records, as the system means them."""
        given = (row[self.key] for row in self.rows())
        return sorted(self.ids.get(value, value) for value in given)

    def sums(self, header: str) -> dict[str | None, int]:
        """Minor units per currency."""
        found: dict[str | None, int] = defaultdict(int)
        for row, code in zip(self.rows(), self.currencies(), strict=True):
            if (amount := number(row[header], self.mark)) is not None:
                found[code] += int(amount.scaleb(DECIMALS.get(code or "", 2)))
        return dict(found)

    def currencies(self) -> Iterator[str | None]:
        """The currency of each record."""
        known: dict[str, str] = {}
        rows = self.rows()
        if rows and self.currency not in rows[0]:
            yield from [self.currency or None] * len(rows)
            return
        for row in rows:
            if self.group and row[self.currency]:
                known[row[self.group]] = row[self.currency]
            code = row[self.currency] or known.get(row[self.group or self.currency])
            yield code.upper() if code else None


def number(text: str, mark: str) -> Decimal | None:
    """The number of an amount in any of the notations used here."""
    digits = re.sub(r"[^0-9.,]", "", text).replace("." if mark == "," else ",", "")
    if not digits:
        return None
    value = Decimal(digits.replace(mark, "."))
    return -value if "-" in text or text.startswith("(") else value


EXPORTS = [
    Export(
        "hubspot", "hubspot-crm-exports-all-companies-2026-11-27.csv", "crm.companies",
        '"Record ID","Company name","Company Domain Name","Company owner","Create Date"\n'
        '"9000000101","Alder Freight GmbH","alder.example.com","Sam Seller","2026-01-05 09:14"\n'
        '"9000000138","Birch & Sons Ltd","birch.example.com","","2026-01-06 09:51"\n',
        key="Record ID",
    ),
    Export(
        "hubspot", "hubspot-crm-exports-alle-kontakte.csv", "crm.contacts",
        '"Datensatz-ID","Vorname","Nachname","E-Mail","Associated Company IDs (Primary)"\n'
        '"701","Mara","Lindqvist","mara@alder.example.com","9000000101"\n'
        '"751","Jonas","Weiß","jonas@birch.example.com","9000000138"\n',
        key="Datensatz-ID",
    ),
    Export(
        "hubspot", "hubspot-crm-exports-all-deals-2026-11-27-1.csv", "crm.opportunities",
        '"Record ID","Deal Name","Pipeline","Deal Stage","Amount","Currency",'
        '"Deal Stage Probability","Close Date","Associated Company IDs (Primary)"\n'
        '"30100200300","Renewal","Sales Pipeline","Closed won","15000","USD","1","2026-03-07 22:14","9000000101"\n'
        '"30100201291","New","Sales Pipeline","Contract Sent","2500.5","EUR","0.9","2026-03-11 00:05","9000000138"\n'
        '"30100202282","Idea","Renewals","Qualified To Buy (Renewals)","","USD","0.4","","9000000101"\n',
        key="Record ID", money={"amount_cents": "Amount"},
    ),
    Export(
        "hubspot", "hubspot-crm-exports-all-calls.csv", "crm.activities",
        '"Record ID","Call Title","Activity date","Call notes","Call outcome","Associated Contact IDs"\n'
        '"55500001","Call with Mara","2026-01-05 09:14","<p>Two\nlines</p>","Connected","701"\n',
        key="Record ID",
    ),
    Export(
        "salesforce", "Account.csv", "crm.companies",
        '"Id","IsDeleted","MasterRecordId","Name","BillingCountry","CurrencyIsoCode","OwnerId"\n'
        '"001Xy0000aa0000IAA","0","","Alder","Germany","EUR","005Xy0000aa0000IAA"\n'
        '"001Xy0000aa0001IAA","1","001Xy0000aa0000IAA","Alder again","","EUR","005Xy0000aa0000IAA"\n',
        key="Id",
    ),
    Export(
        "salesforce", "Opportunity.csv", "crm.opportunities",
        '"Id","IsDeleted","AccountId","Name","StageName","Amount","Probability","CloseDate",'
        '"IsClosed","IsWon","CurrencyIsoCode"\n'
        '"006Xy0000aa0000IAA","0","001Xy0000aa0000IAA","New","Closed Won","80500.5","100.0","2026-03-07 00:00:00","1","1","EUR"\n'
        '"006Xy0000aa0001IAA","0","000000000000000AAA","Old","Prospecting","116001.0","10.0","2026-03-08","0","0","USD"\n',
        key="Id", currency="CurrencyIsoCode", money={"amount_cents": "Amount"},
    ),
    Export(
        "salesforce", "OpportunityHistory.csv", "crm.stage_changes",
        '"Id","OpportunityId","CreatedDate","StageName","Amount","Probability","CurrencyIsoCode"\n'
        '"008Xy0000aa0000IAA","006Xy0000aa0000IAA","2026-01-05 09:14:00","Prospecting","15000.0","10.0","EUR"\n',
        key="Id",
    ),
    Export(
        "salesforce", "OpportunityLineItem.csv", "commerce.deal_lines",
        '"Id","OpportunityId","PricebookEntryId","Product2Id","Name","CurrencyIsoCode","Quantity","TotalPrice","UnitPrice"\n'
        '"00kXy0000aa0000IAA","006Xy0000aa0000IAA","01uXy0000aa0000IAA","000000000000000AAA","Widget","EUR","2.0","500.0","250.0"\n'
        '"00kXy0000aa0001IAA","006Xy0000aa0001IAA","01uXy0000aa0000IAA","01tXy0000aa0000IAA","Widget","JPY","1.0","1200.0","1200.0"\n',
        key="Id", currency="CurrencyIsoCode",
        money={"line_amount_minor": "TotalPrice", "unit_price_minor": "UnitPrice"},
    ),
    Export(
        "salesforce", "Lead.csv", "crm.leads",
        '"Id","IsDeleted","LastName","FirstName","Company","Email","LeadSource","Status","IsConverted"\n'
        '"00QXy0000aa0000MAA","0","Lindqvist","Mara","Alder","mara@alder.example.com","Web","Open - Not Contacted","0"\n',
        key="Id",
    ),
    Export(
        "salesforce", "Task.csv", "crm.activities",
        '"Id","WhoId","WhatId","Subject","ActivityDate","Status","CallDurationInSeconds","TaskSubtype"\n'
        '"00TXy0000aa0000MAA","003Xy0000aa0000IAA","000000000000000AAA","Call","2026-01-05 00:00:00","Completed","320","Call"\n',
        key="Id",
    ),
    Export(
        "salesforce", "User.csv", "crm.owners",
        '"Id","Username","Name","Email","IsActive","ProfileId"\n'
        '"005Xy0000aa0000IAA","sam@x.example.com","Sam Seller","sam@example.com","0","00e1"\n',
        key="Id",
    ),
    Export(
        "salesforce", "Campaign.csv", "marketing.campaigns",
        '"Id","IsDeleted","Name","StartDate","EndDate","CurrencyIsoCode","BudgetedCost","ActualCost"\n'
        '"701Xy0000aa0000IAA","0","Fair 2026","2026-03-01 00:00:00","2026-03-03","EUR","10000.0","9500.5"\n',
        key="Id", currency="CurrencyIsoCode",
        money={"budget_minor": "BudgetedCost", "cost_minor": "ActualCost"},
    ),
    Export(
        "salesforce", "report1767600000.csv", "crm.opportunities",
        '"Opportunity Owner","Account Name","Opportunity Name","Stage","Amount Currency","Amount","Close Date","Opportunity ID"\n'
        '"Sam Seller","Alder","Old","Prospecting","EUR","1,500.50","3/31/2026","006Xy0000aa0002"\n'
        '"Rita Reed","Birch","Older","Closed Lost","USD","2,000.00","4/1/2026","006Xy0000aa0003"\n'
        '\n"All deals"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  Sam Seller  11/27/2026 10:00 AM"\n"Alder Freight"\n',
        key="Opportunity ID", currency="Amount Currency", beside=5,
        ids={"006Xy0000aa0002": "006Xy0000aa0002IAA", "006Xy0000aa0003": "006Xy0000aa0003IAA"},
        money={"amount_cents": "Amount"},
    ),
    Export(
        "pipedrive", "deals-4711-12.csv", "crm.opportunities",
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Organization,Deal - Stage,Deal - Status\n"
        "101,Alder deal,1500,EUR,Alder Freight GmbH,Lead In,Open\n"
        "102,Birch deal,2500.5,USD,Birch & Sons Ltd,Contact Made,Won\n",
        key="Deal - ID", currency="Deal - Currency", money={"amount_cents": "Deal - Value"},
    ),
    Export(
        "pipedrive", "organizations-4711-13.csv", "crm.companies",
        "Organization - ID,Organization - Name,Organization - Owner\n"
        "1,Alder Freight GmbH,Sam Seller\n2,Birch & Sons Ltd,Rita Reed\n",
        key="Organization - ID",
    ),
    Export(
        "zoho_crm", "Deals_2026_11_27.csv", "crm.opportunities",
        "Record Id,Deal Owner.id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Stage,Probability (%)\n"
        'zcrm_48768760000300000,zcrm_1,Sam Seller,"42,000",Sealcoat,2026-03-07,zcrm_48768760000100000,Closed Won,100\n',
        key="Record Id", ids={"zcrm_48768760000300000": "48768760000300000"},
        currency="", money={"amount_cents": "Amount"},
    ),
    Export(
        "dynamics365", "My Open Leads.csv", "crm.leads",
        "(Do Not Modify) Lead,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Last Name,Company Name,Status\n"
        "8f1c2f9e-0001-4a4e-9a6e-000000000001,x==,2026-01-05 09:14:00,Lindqvist,Alder,New\n",
        key="(Do Not Modify) Lead",
    ),
    Export(
        "close", "All leads 2026-11-27 10-00.csv", "crm.companies",
        "id,display_name,status_label,url,custom.Owner.name,primary_contact_primary_email\n"
        "lead_9aB,Alder Freight,Potential,https://alder.example.com,Sam Seller,mara@alder.example.com\n",
        key="id",
    ),
    Export(
        "shopify", "orders_export_1.csv", "commerce.order_lines",
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Total,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Zip,Refunded Amount,Id\n"
        "#1001,a@example.com,paid,2026-07-05 09:14:00 +0200,EUR,12.50,0.00,12.50,2026-07-05 09:14:00 +0200,1,Mug,12.50,M-1,'75008,0.00,6100200300400\n"
        "#1002,b@example.com,partially_refunded,2026-01-14 14:47:00 -0500,USD,45.50,6.00,51.50,2026-01-14 14:47:00 -0500,1,Mug,12.50,M-1,,12.50,6100200308319\n"
        "#1002,b@example.com,,,,,,,2026-01-14 14:47:00 -0500,2,Mug,16.50,M-2,,,\n"
        "#1002,b@example.com,,,,,,,2026-01-14 14:47:00 -0500,2,Mug,16.50,M-2,,,\n"
        ",,,,,,,,,3,Gift,5.00,G-1,,,\n",
        currency="Currency", group="Name",
        money={"order_total_minor": "Total", "refunded_amount_minor": "Refunded Amount"},
    ),
    Export(
        "shopify", "customers_export.csv", "commerce.customers",
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Phone,Total Spent,Total Orders\n"
        "'7210448300000,Mara,Lindqvist,mara@alder.example.com,yes,Berlin,'+15550100001,31.50,1\n"
        "'7210448300001,Jonas,Weiß,jonas@birch.example.com,no,Leeds,,0.00,0\n",
        key="Customer ID",
        ids={"'7210448300000": "7210448300000", "'7210448300001": "7210448300001"},
        currency="", money={"total_spent_minor": "Total Spent"},
    ),
    Export(
        "shopify", "products_export.csv", "commerce.products",
        "Handle,Title,Body (HTML),Option1 Value,Variant SKU,Variant Price,Image Src\n"
        'mug,Mug,"<p>A mug, ""hand made""</p>",Red,M-1,12.50,https://cdn.example.com/1.jpg\n'
        "mug,,,Blue,M-2,16.50,https://cdn.example.com/2.jpg\nmug,,,,,,https://cdn.example.com/3.jpg\n",
        currency="", money={"price_minor": "Variant Price"},
    ),
    Export(
        "shopify", "transactions_export.csv", "commerce.payments",
        "Order,Name,Kind,Gateway,Created At,Status,Amount,Currency\n"
        "6100200308319,#1002,authorization,shopify_payments,2026-01-14 14:47:00 -0500,success,51.50,USD\n"
        "6100200308319,#1002,capture,shopify_payments,2026-01-14 14:48:00 -0500,success,51.50,USD\n"
        "6100200308319,#1002,refund,shopify_payments,2026-01-20 10:00:00 -0500,success,12.50,USD\n"
        "6100200308319,#1002,refund,shopify_payments,2026-01-20 10:00:00 -0500,success,12.50,USD\n",
        money={"amount_minor": "Amount"},
    ),
    Export(
        "stripe", "unified_payments.csv", "commerce.payments",
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Fee,Mode,PaymentIntent ID,Status,Customer ID,order_id (metadata)\n"
        "ch_1,2026-01-05 09:14:00,129.00,0.00,usd,true,129.00,usd,4.04,Live,pi_1,Paid,cus_1,1001\n"
        "ch_2,2026-01-11 12:56:00,49.50,49.50,eur,true,53.90,usd,1.74,Live,pi_2,Refunded,cus_2,1002\n"
        "ch_3,2026-01-12 12:56:00,5000,0,jpy,true,35.00,usd,1.30,Live,pi_3,Paid,cus_2,\n"
        "ch_4,2026-01-13 12:56:00,1.234,0,kwd,true,4.00,usd,0.30,Live,pi_4,Paid,cus_2,\n"
        "ch_5,2026-01-17 16:38:00,1200.00,0.00,usd,false,1200.00,usd,0.00,Live,pi_5,Failed,cus_3,1003\n"
        "ch_6,2026-01-18 16:38:00,1200.00,0.00,usd,true,1200.00,usd,0.00,Test,pi_6,Paid,cus_3,\n",
        key="id",
        money={"amount_minor": "Amount", "refunded_amount_minor": "Amount Refunded"},
    ),
    Export(
        "stripe", "Itemized_balance_change_from_activity.csv", "commerce.balance_entries",
        "balance_transaction_id,created_utc,created,currency,gross,fee,net,reporting_category,source_id,automatic_payout_id\n"
        "txn_1,2026-01-05 09:14:00,2026-01-05 03:14:00,usd,129.00,4.04,124.96,charge,ch_1,po_1\n"
        "txn_2,2026-01-14 09:14:00,2026-01-14 03:14:00,usd,-49.50,0.00,-49.50,refund,re_1,po_1\n",
        key="balance_transaction_id", currency="currency",
        money={"amount_minor": "gross", "fee_minor": "fee", "net_minor": "net"},
    ),
    Export(
        "stripe", "customers.csv", "commerce.customers",
        "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,Payment Count\n"
        "cus_1,,mara@alder.example.com,Mara,2026-01-05 09:14,false,,,129.00,1\n",
        key="id", currency="", money={"total_spent_minor": "Total Spend"},
    ),
    Export(
        "stripe", "subscriptions.csv", "commerce.subscriptions",
        "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Canceled At (UTC)\n"
        "sub_1,cus_1,price_1,1,usd,month,49.00,active,2026-01-05 09:14,\n"
        "sub_2,cus_2,price_1,1,eur,year,490.00,canceled,2026-01-06 09:51,2026-03-11 00:05\n",
        key="id", money={"amount_minor": "Amount"},
    ),
    Export(
        "woocommerce", "orders.csv", "commerce.order_lines",
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales\n"
        '2026-01-05 09:14:00,301,$45.00,completed,Mara Lindqvist,new,"1× Mug, 2× Tea",3,,45\n'
        "2026-01-06 09:14:00,302,$-15.00,refunded,Jonas Weiß,returning,1× Mug,1,,-15\n",
        currency="USD", money={"order_total_minor": "Net Sales"},
    ),
    Export(
        "square", "transactions-2026.csv", "commerce.payments",
        "Date,Time,Time Zone,Gross Sales,Tip,Total Collected,Card,Fees,Net Total,Transaction ID,Payment ID,Event Type\n"
        '2026-01-05,09:14:00,Eastern Time (US & Canada),"$1,240.00",$2.00,"$1,242.00","$1,242.00",-$32.59,"$1,209.41",T1,P1,Payment\n'
        "2026-07-06,09:14:00,Eastern Time (US & Canada),-$40.00,$0.00,-$40.00,-$40.00,$0.00,-$40.00,T2,P1,Refund\n",
        currency="USD", money={"amount_minor": "Total Collected", "fee_minor": "Fees"},
    ),
    Export(
        "square", "items-2026.csv", "commerce.order_lines",
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Event Type\n"
        "1/5/2026,09:14:00,Eastern Time (US & Canada),Tea,Green,0.25,Regular,,$10.00,-$1.00,$9.00,$0.72,T1,P1,Payment\n"
        "1/5/2026,09:14:00,Eastern Time (US & Canada),Tea,Green,0.25,Regular,,$10.00,-$1.00,$9.00,$0.72,T1,P1,Payment\n"
        "7/6/2026,09:14:00,Eastern Time (US & Canada),Tea,Green,-0.25,Regular,,-$10.00,$0.00,-$10.00,$0.00,T1,P1,Refund\n",
        currency="USD", money={"gross_amount_minor": "Gross Sales", "line_amount_minor": "Net Sales"},
    ),
    Export(
        "paypal", "Download.CSV", "commerce.payments",
        '\ufeff"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Reference Txn ID","Invoice Number","Balance Impact"\n'
        '"01/05/2026","09:14:00","PST","Mara","Express Checkout Payment","Completed","USD","1,250.00","-44.12","1,205.88","1AB23456CD789012E","","WC-700","Credit"\n'
        '"01/26/2026","22:11:00","PST","","General Authorization","Pending","EUR","-42.92","0.00","-42.92","1AB23456CD7890131","","","Memo"\n'
        '"07/12/2026","13:33:00","PDT","Mara","Payment Refund","Completed","USD","-500.00","0.00","-500.00","1AB23456CD789012F","1AB23456CD789012E","","Debit"\n',
        key="Transaction ID", encoding="utf-8",
        money={"amount_minor": "Gross", "fee_minor": "Fee", "net_minor": "Net"},
    ),
    Export(
        "paypal-de", "Download-DE.CSV", "commerce.payments",
        '"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Transaktionscode","Auswirkung auf Guthaben"\n'
        '"13.02.2026","10:00:00","CET","Mara","Website-Zahlung","Abgeschlossen","EUR","1.250,00","-44,12","1.205,88","9XY00000000000001","Haben"\n'
        '"05.07.2026","10:00:00","CEST","Jonas","Rückzahlung","Abgeschlossen","EUR","-500,00","0,00","-500,00","9XY00000000000002","Soll"\n'
        '"06.07.2026","10:00:00","CEST","Jonas","Allgemeine Autorisierung","Ausstehend","USD","-1.250","0,00","-1.250","9XY00000000000003","Memo"\n',
        key="Transaktionscode", currency="Währung", mark=",",
        money={"amount_minor": "Brutto", "fee_minor": "Gebühr"},
    ),
    Export(
        "amazon", "18906543210.txt", "commerce.balance_entries",
        "settlement-id\tsettlement-start-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date-time\tsku\tquantity-purchased\n"
        "18906543210\t2026-03-01T00:00:00+00:00\t27,89\tEUR\t\t\t\t\t\t\t\t\n"
        "18906543210\t\t\t\tOrder\t112-1\tItemPrice\tPrincipal\t29,99\t02.03.2026 14:23:00 UTC\tW-0\t1\n"
        "18906543210\t\t\t\tOrder\t112-1\tItemPrice\tTax\t2,40\t02.03.2026 14:23:00 UTC\tW-0\t\n"
        "18906543210\t\t\t\tOrder\t112-1\tItemFees\tCommission\t-4,50\t02.03.2026 14:23:00 UTC\tW-0\t\n",
        currency="EUR", mark=",", delimiter="\t",
        money={"amount_minor": "amount", "total_minor": "total-amount"},
    ),
    Export(
        "amazon", "All_Orders.txt", "commerce.order_lines",
        "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tasin\tquantity\tcurrency\titem-price\titem-tax\n"
        '112-1\t2026-01-05T09:14:00+00:00\tShipped\tWidget, 5" blue\tW-0\tB0\t2\tUSD\t59.98\t4.80\n'
        "112-2\t2026-01-06T09:14:00+00:00\tPending\tWidget\tW-1\tB1\t1\t\t\t\n",
        currency="currency", delimiter="\t",
        money={"gross_amount_minor": "item-price", "tax_minor": "item-tax"},
    ),
    Export(
        "etsy", "EtsySoldOrders2026.csv", "commerce.order_lines",
        "Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Currency,Order Value,Discount Amount,Shipping,Sales Tax,Order Total,Card Processing Fees,Order Net\n"
        '01/05/26,3100000001,mara1,Mara Lindqvist,2,USD,"1,040.00",0.00,5.00,0.00,"1,045.00",31.60,"1,013.40"\n',
        money={"order_total_minor": "Order Total", "order_fee_minor": "Card Processing Fees"},
    ),
    Export(
        "etsy", "EtsySoldOrderItems2026.csv", "commerce.order_lines",
        "Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Order Shipping,Item Total,Currency,Transaction ID,Listing ID,Order ID\n"
        "01/05/26,Bowl,Mara (mara1),1,520.00,0.00,5.00,520.00,USD,4100000001,1700000001,3100000001\n"
        "01/05/26,Vase,Mara (mara1),1,520.00,0.00,5.00,520.00,USD,4100000002,1700000002,3100000001\n",
        key="Transaction ID", money={"gross_amount_minor": "Item Total", "unit_price_minor": "Price"},
    ),
    Export(
        "xero", "SalesInvoices.csv", "commerce.order_lines",
        "*ContactName,EmailAddress,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,*Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,TaxAmount,Currency\n"
        "Alder,ap@alder.example.com,INV-1,05/02/2026,05/03/2026,330.00,C-1,Consulting,2,100.00,200,GST,20.00,GBP\n"
        "Alder,ap@alder.example.com,INV-1,05/02/2026,05/03/2026,330.00,T-1,Travel,1,100.00,200,GST,10.00,GBP\n",
        money={"unit_price_minor": "*UnitAmount", "tax_minor": "TaxAmount"},
    ),
    Export(
        "quickbooks_online", "Transaction List by Date.csv", "commerce.payments",
        "Date,Transaction Type,Num,Name,Memo/Description,Due Date,Amount,Open Balance\n"
        '01/05/2026,Invoice,1001,Alder,Consulting,02/04/2026,"1,200.00",0.00\n'
        '01/20/2026,Payment,77,Alder,,,"1,200.00",0.00\n'
        "01/25/2026,Credit Memo,1002,Birch,,,(250.00),0.00\n",
        currency="", money={"amount_minor": "Amount"},
    ),
    Export(
        "meta_lead_ads", "Autumn form_Leads_2026-11-01_2026-11-28.csv", "marketing.form_leads",
        "id\tcreated_time\tad_id\tcampaign_id\tcampaign_name\tform_id\tform_name\tis_organic\tplatform\thow_many_employees?\tfull_name\tphone_number\temail\n"
        "l:1054074580944020\t2026-01-05T09:14:00+01:00\tag:120256484322050715\tc:1202564843220\tAutumn\tf:2295576760978334\tForm\tFALSE\tfb\t1-10\tMara Lindqvist\tp:+49305550000\tmara@alder.example.com\n",
        key="id", ids={"l:1054074580944020": "1054074580944020"},
        delimiter="\t", encoding="utf-16",
    ),
    Export(
        "linkedin_lead_gen", "leads.csv", "marketing.form_leads",
        "Lead ID,Form Name,Submitted At,Test Lead,First Name,Last Name,Email\n"
        "L-1,Form,2026-01-05 09:14,false,Mara,Lindqvist,mara@alder.example.com\n",
        key="Lead ID",
    ),
    Export(
        "google_ads_lead_forms", "leads.csv", "marketing.form_leads",
        "Lead ID,Form ID,Campaign ID,Submission Date Time,Full Name,User Email\n"
        "G-1,11,22,2026-01-05 09:14:00+01:00,Mara Lindqvist,mara@alder.example.com\n",
        key="Lead ID",
    ),
    Export(
        "typeform", "responses.csv", "marketing.form_leads",
        "#,What's your name?,What's your email?,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags\n"
        "a0b1c2d3e4f5,Mara,mara@alder.example.com,completed,2026-01-05 09:10:00,,2026-01-05 09:14:00,n1,\n"
        "a0b1c2d3e4f6,Jonas,,partial,2026-01-05 09:10:00,2026-01-05 09:12:00,,n2,\n",
        key="#",
    ),
    Export(
        "calendly", "events-export.csv", "crm.activities",
        "User Name,Invitee Name,Invitee Email,Event Type Name,Start Date & Time,End Date & Time,Canceled,Marked as No-Show,Invitee UUID\n"
        "Sam Seller,Mara Lindqvist,mara@alder.example.com,30 Minute Meeting,2026-01-05 09:14 am,2026-01-05 09:44 am,false,No,dbc01b3d\n",
        key="Invitee UUID",
    ),
    Export(
        "mailchimp", "unsubscribed_email_audience_export_1a2b3c.csv", "marketing.list_members",
        "Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,LEID,EUID,UNSUB_TIME,TAGS\n"
        'ada@juniper.example.com,Ada,Invented,Juniper,2,2026-01-14 14:47:00,2026-01-23 20:20:00,55331262,1effb78d80,2026-03-17 03:47:00,"""VIP"",""Blog"""\n',
        key="LEID",
    ),
    Export(
        "apollo", "apollo-contacts-export.csv", "marketing.list_members",
        "First Name,Last Name,Title,Company Name,Email,Email Status,Mobile Phone,Stage,Website,Apollo Contact Id,Apollo Account Id\n"
        "Mara,Lindqvist,\"VP, Sales\",Alder,,Unavailable,'+1 555-010-0000,Cold,http://alder.example.com,65f1aa00,55f1aa00\n",
        key="Apollo Contact Id",
    ),
    Export(
        "zoominfo", "contacts.csv", "marketing.list_members",
        "ZoomInfo Contact ID,Last Name,First Name,Job Title,Email Address,ZoomInfo Company ID,Company Name,Website\n"
        "1234567890,Lindqvist,Mara,CEO,mara@alder.example.com,987654,Alder,alder.example.com\n",
        key="ZoomInfo Contact ID",
    ),
]  # fmt: skip
