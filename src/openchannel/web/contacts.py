"""The ledger of contacts: a contact written down, or taken back with a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from openchannel.errors import UserError
from openchannel.usecases.shelf.archive import Archive
from openchannel.web.desk import Desk, Text
from openchannel.web.pages import page

__all__ = ["ContactForm", "add_contacts"]

Field_ = Annotated[str, Field(max_length=2_000)]


class ContactForm(BaseModel):
    """The fields of a contact, as text; what each may hold the use case says."""

    token: Field_ = ""
    start: Field_ = ""
    end: Field_ = ""
    place: Field_ = ""
    channel: Field_ = ""
    us_office: Field_ = ""
    us_principal: Field_ = ""
    dprk_office: Field_ = ""
    dprk_principal: Field_ = ""
    subject: Field_ = ""
    source: Field_ = ""
    confidence: Field_ = ""
    note: Field_ = ""
    why: Field_ = ""

    def values(self) -> dict[str, str]:
        """What was filled in about the contact."""
        told = {k: v.strip() for k, v in self.model_dump().items() if k not in ("token", "why")}
        return {k: v for k, v in told.items() if v}


def add_contacts(app: FastAPI, desk: Desk, archive: Archive) -> None:
    """The page of the ledger, and its two forms."""

    def shown(given: dict[str, str], error: UserError | None = None) -> str:
        problems = [] if error is None else error.problems
        return page(
            "contacts",
            token=desk.token,
            given=given,
            problems=problems,
            wrong={p.field for p in problems},
            channels=archive.channels(),
            offices=archive.offices(),
            entries=archive.ledger(),
        )

    @app.get("/record/add", response_class=HTMLResponse)
    def form() -> str:
        return shown({})

    @app.post("/record/contacts")
    def add(values: Annotated[ContactForm, Form()]) -> Response:
        desk.own_form(values.token)
        given = values.values()
        try:
            archive.add_contact(given, values.why)
        except UserError as error:
            return HTMLResponse(shown({**given, "why": values.why}, error), 422)
        return RedirectResponse("/record/add#ledger", 303)

    @app.post("/record/contacts/{entry_id}/withdraw")
    def withdraw(entry_id: str, token: Text = "", why: Text = "") -> Response:
        desk.own_form(token)
        try:
            archive.withdraw_contact(entry_id, why)
        except UserError as error:
            return HTMLResponse(shown({}, error), 422)
        return RedirectResponse("/record/add#ledger", 303)
