"""What words of headers in other languages mean, as columns of tables have it."""

MEANINGS: dict[str, tuple[str, ...]] = {
    "id": ("identifiant", "identyfikator", "identificador", "identificativo", "kennung",
           "codice", "código", "codigo", "kod"),
    "number": ("numéro", "numero", "número", "nummer", "numer", "číslo", "nombre de",
               "nr", "no", "n°", "nº"),
    "amount": ("montant", "betrag", "importe", "importo", "bedrag", "kwota", "summe",
               "valor", "valore", "belopp", "beløb", "waarde", "wert", "wartość",
               "umsatz", "ricavo", "ingresos", "omzet"),
    "currency": ("devise", "währung", "moneda", "divisa", "valuta", "waluta", "moeda",
                 "monnaie"),
    "first name": ("prénom", "prenom", "vorname", "voornaam", "imię", "förnamn",
                   "fornavn", "etunimi"),
    "last name": ("nachname", "apellido", "apellidos", "achternaam", "nazwisko",
                  "cognome", "sobrenome", "efternamn", "etternavn", "sukunimi"),
    "name": ("nom", "naam", "nazwa", "nome", "bezeichnung", "intitulé", "titre",
             "título", "titolo", "titel", "namn", "navn", "libellé"),
    "email": ("courriel", "correo", "mail", "mel", "adres e-mail"),
    "phone": ("téléphone", "telephone", "teléfono", "telefono", "telefon", "telefoon",
              "tel", "puhelin"),
    "company": ("société", "entreprise", "empresa", "firma", "unternehmen", "azienda",
                "bedrijf", "société", "ditta", "företag", "virksomhed"),
    "customer": ("client", "cliente", "klant", "kunde", "klient", "kund", "acheteur"),
    "stage": ("étape", "etapa", "fase", "phase", "etap", "stadium"),
    "status": ("statut", "estado", "stato", "stan", "état", "zustand"),
    "city": ("ville", "ciudad", "stad", "miasto", "città", "ort", "stadt", "cidade"),
    "country": ("pays", "país", "land", "kraj", "paese", "maa"),
    "price": ("prix", "precio", "preis", "prezzo", "prijs", "preço", "cena", "pris"),
    "unit": ("unitario", "unitaire", "einzel", "unitário", "stuk", "jednostkowa"),
    "quantity": ("qty", "quantité", "cantidad", "aantal", "ilość", "quantità", "menge",
                 "anzahl", "quantidade", "antal"),
    "product": ("produit", "producto", "artikel", "artículo", "prodotto", "article",
                "articolo", "produkt", "produto", "towar"),
    "order": ("commande", "pedido", "bestelling", "zamówienie", "ordine", "bestellung",
              "auftrag", "ordre"),
    "invoice": ("rechnung", "factura", "facture", "fattura", "factuur", "faktura",
                "fatura", "rechnungs"),
    "line": ("zeile", "zeilen", "position", "positions", "línea", "ligne", "riga"),
    "description": ("beschreibung", "descripción", "descrizione", "opis",
                    "omschrijving", "descrição", "beskrivning"),
    "owner": ("commercial", "vendedor", "verkäufer", "inhaber", "eigentümer",
              "propriétaire", "propietario", "proprietario", "verkoper", "opiekun"),
    "probability": ("wahrscheinlichkeit", "probabilité", "probabilidad", "probabilità",
                    "kans", "prawdopodobieństwo"),
    "industry": ("branche", "sector", "secteur", "settore", "branża"),
    "date": ("datum", "fecha", "data", "dato"),
    "created date": ("création", "creation", "creación", "alta", "creato", "creazione",
                     "erstellt", "erstellungsdatum", "angelegt", "aangemaakt",
                     "utworzono", "criado", "skapad"),
}  # fmt: skip
"""Words of a column → words that mean them."""
ALIASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("ansprechpartner", "ansprechpartnerin", "ansprechperson", "kontakt",
         "kontaktperson", "kontaktname"), ("full_name", "contact_name"),
    ),
    **dict.fromkeys(
        ("mail", "email", "emailadresse", "mailadresse", "emailaddress"),
        ("email", "contact_email"),
    ),
}  # fmt: skip
"""Whole headers, in their normal form → columns that they are of."""
SUBJECTS: dict[str, tuple[str, ...]] = {
    "opportunities": ("deal", "opportunit", "geschäft", "geschaeft", "verkaufschance",
                      "oportunidad", "oportunidade", "affaire", "trattativ", "pipeline",
                      "verkoopkans", "szans"),
    "companies": ("compan", "account", "organi", "firma", "firmen", "unternehmen",
                  "sociét", "entreprise", "empresa", "azienda"),
    "contacts": ("contact", "kontakt", "person", "people", "ansprechpartner"),
    "activities": ("activit", "aktivität", "actividad", "task", "aufgabe"),
    "leads": ("lead", "interessent", "prospect"),
    "payments": ("payment", "zahlung", "paiement", "pago", "pagament", "transaktion",
                 "transaction"),
    "order_lines": ("order", "bestellung", "commande", "pedido", "ordine", "invoice",
                    "rechnung", "factura", "facture"),
    "subscriptions": ("subscription", "abonnement", "suscripci"),
    "products": ("product", "produkt", "produit", "artikel"),
}  # fmt: skip
"""Tables → beginnings of words for what they are of."""
_BY_WORD = {
    word: set(meaning.split()) for meaning, words in MEANINGS.items() for word in words
}
_PARTS = sorted((w for w in _BY_WORD if len(w) >= 4), key=len, reverse=True)


def meant(words: set[str]) -> set[str]:
    """The words with what those of other languages mean, also within a long one.

    >>> sorted(meant({"ordernummer"}) - {"ordernummer"})
    ['number', 'order']
    """
    found = set(words)
    for word in words:
        if word in _BY_WORD:
            found |= _BY_WORD[word]
            continue
        for part in _PARTS:  # `Kundennummer` has both
            if len(word) > len(part) and (word.startswith(part) or word.endswith(part)):
                found |= _BY_WORD[part]
        for own in ("order", "name", "code"):
            if len(word) > len(own) + 3 and word.startswith(own):
                found.add(own)
    return found


def is_about(table: str, words: set[str]) -> bool:
    """Whether any word begins with one for what a table is of.

    >>> is_about("opportunities", {"dealliste"}), is_about("payments", {"dealliste"})
    (True, False)
    """
    return any(word.startswith(SUBJECTS.get(table, ())) for word in words)
