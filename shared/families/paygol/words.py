"""The few words that a browser is told without a page of ours, in the languages of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.domain.errors import GatewayError, NotFound, TooManyTries, Unprocessable
from shared.edge.problems import status_of
from shared.families.paygol.fields import LANGUAGES, language

if TYPE_CHECKING:
    from shared.edge.request import Request

_WORDS: Final = {
    "en": {
        "wrong": "This payment cannot begin",
        "back": "Back to the shop",
        "unknown": "There is no such payment",
        "many": "Too much was asked at once. Please try again in a minute",
        "not_taken": "This shop cannot take this payment",
        "trouble": "This does not work at the moment. Please try again",
    },
    "es": {
        "wrong": "Este pago no puede comenzar",
        "back": "Volver a la tienda",
        "unknown": "Este pago no existe",
        "many": "Demasiadas peticiones a la vez. Inténtelo de nuevo en un minuto",
        "not_taken": "Esta tienda no puede aceptar este pago",
        "trouble": "Esto no funciona en este momento. Inténtelo de nuevo",
    },
    "it": {
        "wrong": "Questo pagamento non può iniziare",
        "back": "Torna al negozio",
        "unknown": "Questo pagamento non esiste",
        "many": "Troppe richieste insieme. Riprova tra un minuto",
        "not_taken": "Questo negozio non può accettare questo pagamento",
        "trouble": "In questo momento non funziona. Riprova",
    },
    "de": {
        "wrong": "Diese Zahlung kann nicht beginnen",
        "back": "Zurück zum Shop",
        "unknown": "Diese Zahlung gibt es nicht",
        "many": "Zu viele Anfragen auf einmal. Bitte versuchen Sie es in einer Minute wieder",
        "not_taken": "Dieser Shop kann diese Zahlung nicht annehmen",
        "trouble": "Das geht gerade nicht. Bitte versuchen Sie es noch einmal",
    },
    "fr": {
        "wrong": "Ce paiement ne peut pas commencer",
        "back": "Retour à la boutique",
        "unknown": "Ce paiement n'existe pas",
        "many": "Trop de demandes à la fois. Réessayez dans une minute",
        "not_taken": "Cette boutique ne peut pas accepter ce paiement",
        "trouble": "Cela ne fonctionne pas pour le moment. Réessayez",
    },
    "pt": {
        "wrong": "Este pagamento não pode começar",
        "back": "Voltar à loja",
        "unknown": "Este pagamento não existe",
        "many": "Pedidos demais de uma vez. Tente de novo daqui a um minuto",
        "not_taken": "Esta loja não pode aceitar este pagamento",
        "trouble": "Isto não funciona no momento. Tente de novo",
    },
}


def words_of(asked: str) -> dict[str, str]:
    return _WORDS[language(asked)]


def browsers_language(request: Request) -> str:
    """The first of ours that the browser asks for, English if it names none."""
    wanted = (each.partition(";")[0] for each in request.headers.get("accept-language", "").split(","))
    return next((short for each in wanted if (short := each.strip()[:2].lower()) in LANGUAGES), LANGUAGES[0])


def title_of(error: GatewayError, asked: str) -> str:
    """What a person reads of an error who can do nothing about its cause."""
    words = words_of(asked)
    if isinstance(error, NotFound):
        return words["unknown"]
    if isinstance(error, TooManyTries):
        return words["many"]
    if isinstance(error, Unprocessable):
        return words["not_taken"]
    return words["trouble"] if status_of(error) >= 500 else words["wrong"]
