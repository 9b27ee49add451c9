"""The account's alternate contacts."""

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.wire import Operation


def get_alternate_contact(account: Account, operation: Operation) -> Members:
    """One alternate contact.

    https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html: without one the answer is
    ResourceNotFoundException with status 404. Moto answers status 400.
    """
    kind = operation.parameters.get("AlternateContactType", "")
    for contact in account.estate.contacts:
        if contact.type == kind:
            return {
                "AlternateContact": {
                    "AlternateContactType": contact.type,
                    "Name": contact.name,
                    "Title": contact.title,
                    "EmailAddress": contact.email,
                    "PhoneNumber": contact.phone,
                }
            }
    raise Refused(404, "ResourceNotFoundException", "No contact of the inputted alternate contact type found.")
