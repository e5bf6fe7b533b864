"""One imaginary company that sells sensors, as its four systems export it.

Its offices use HubSpot, a firm it has bought uses Salesforce, its shop is on Shopify
and subscriptions are paid by Stripe. Customers are in several of them by plan.
"""
