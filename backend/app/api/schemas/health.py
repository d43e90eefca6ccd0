"""The health of the server and the index of its addresses, out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...config import AUTH
from ...web.schemas import Output, string, there


class Health(Output):
    """That the server is there, and what it is made of."""

    status = string(validate=validate.Equal("ok"), about="That the server answers.")
    auth = string(
        validate=validate.OneOf(AUTH),
        about="Whether people log in: nobody does (`off`), who likes does (`optional`), everybody must (`required`).",
    )
    control = string(
        validate=validate.OneOf(("open", "token", "closed")),
        about="Who may direct: programs and pages of the server's own machine (`open`), whoever shows the control "
        "token (`token`), or nobody (`closed`).",
    )
    versions = there(
        fields.Dict,
        keys=fields.String(),
        values=fields.String(),
        about="The versions of the server, of Python and of the packages that answers depend on, by name.",
    )


class Index(Output):
    """Where things are."""

    name = string(about="What answers here.")
    version = string(about="Which release of it.")
    links = there(fields.Dict, keys=fields.String(), values=fields.String(), about="Where to begin, by what is there.")


HEALTH = Health()
INDEX = Index()
