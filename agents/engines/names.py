"""What was read of a copy, called by the name of the document it is a copy of."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from agents.material import Material
from schema.errors import DocumentError
from schema.form import Form
from schema.reading import DocumentReading

Error = TypeVar("Error", bound=DocumentError)


def called(error: Error, name: str) -> Error:
    """The same error of the document with this name."""
    return type(error)(name, error.reason, error.advice)


def material_called(material: Material, name: str) -> Material:
    """The same material of the document with this name."""
    error = called(material.error, name) if material.error is not None else None
    return replace(material, reading=_reading_called(material.reading, name), error=error)


def _reading_called(reading: DocumentReading, name: str) -> DocumentReading:
    forms = tuple(_form_called(form, name) for form in reading.forms)
    return reading.model_copy(update={"file": name, "forms": forms})


def _form_called(form: Form, name: str) -> Form:
    if form.source is None:
        return form
    return form.model_copy(update={"source": form.source.model_copy(update={"file": name})})
