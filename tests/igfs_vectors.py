"""Signatures of IGFS requests as they were published: both sides are held by them, and share nothing else."""

from __future__ import annotations

from typing import Final

KEY: Final = "UNI_TESTKEY"
SHOP: Final = {"apiVersion": "2.4.1.5", "tid": "UNI_ECOM", "shopID": "SHOP1"}
# Operation, what is set beside SHOP, and the signature with KEY.
REQUESTS: Final[list[tuple[str, dict[str, str], str]]] = [
    (
        "Init",
        {
            "shopUserRef": "a@b.it",
            "trType": "AUTH",
            "amount": "15000",
            "currencyCode": "EUR",
            "langID": "IT",
            "notifyURL": "https://m/n",
            "errorURL": "https://m/e",
        },
        "QU8+qU67DnCdO9WAGd0etiSzdq39m1sEwLUxo2cHFFc=",
    ),
    ("Verify", {"paymentID": "PAY1"}, "CAuVleGcNJe6sibWVsqvHp1aqayG8JKLtxeskVQOsNI="),
    ("Confirm", {"amount": "10000", "refTranID": "TRAN1"}, "+jgWEjTCanjio2gihftWTA7s/ARhuyDTByiVkAwunAk="),
    ("VoidAuth", {"amount": "15000", "refTranID": "TRAN1"}, "YQVch7aKC3XH94EYBUaswcgswfQv1kc6IzTriMMmIzM="),
    (
        "Credit",
        {"amount": "5000", "currencyCode": "EUR", "refTranID": "TRAN1"},
        "vmLTICTXyNpp8IyKi5N/qNAFsiylgrZzBVQM/PvOkMU=",
    ),
    (
        "Auth",
        {"trType": "PURCHASE", "amount": "5000", "currencyCode": "EUR", "payInstrToken": "TOK1"},
        "+3FEpqfmphBK3T5lg9IWBUBj93J3vYYp98W5MIsvMII=",
    ),
    ("Delete", {"payInstrToken": "TOK1"}, "F8AvsqyB4nKsyskn9mysrCqIZhMOIlgZ44x/IwIXVyU="),
]
