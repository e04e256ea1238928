"""The few words that a browser is told without a page of ours, in the languages of the pages."""

from __future__ import annotations

from typing import Final

from shared.families.paygol.fields import language

_WORDS: Final = {
    "en": {"wrong": "This payment cannot begin", "back": "Back to the shop"},
    "es": {"wrong": "Este pago no puede comenzar", "back": "Volver a la tienda"},
    "it": {"wrong": "Questo pagamento non può iniziare", "back": "Torna al negozio"},
    "de": {"wrong": "Diese Zahlung kann nicht beginnen", "back": "Zurück zum Shop"},
    "fr": {"wrong": "Ce paiement ne peut pas commencer", "back": "Retour à la boutique"},
    "pt": {"wrong": "Este pagamento não pode começar", "back": "Voltar à loja"},
}


def words_of(asked: str) -> dict[str, str]:
    return _WORDS[language(asked)]
