"""Policies whose bounds bind on a handful of rows, under each guarantee.

Where they are `auto` the estimates come among the releases, and the bounds are 1 as yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.corpus.policies import VARIANTS, Document, shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Tight:
    """A guarantee with bounds so small that most owners exceed them."""

    guarantee: str
    max_rows: int | str
    max_groups: int | str

    def document(self, dataset: str) -> Document:
        """The shipped policy of a dataset with these bounds."""
        document = shipped(dataset)
        VARIANTS[self.guarantee if self.guarantee != "zcdp" else "shipped"](document)
        for table in document["tables"].values():
            if not table.get("public"):
                table["max_rows"], table["max_groups"] = self.max_rows, self.max_groups
        if dataset == "retail":
            columns = document["tables"]["lines"]["columns"]
            most = "auto" if self.max_rows == "auto" else 60
            columns["quantity"] |= {"bounds": [-50, 50], "max_total": most}
        return document


POLICIES: Mapping[str, Tight] = {
    "zcdp": Tight(guarantee="zcdp", max_rows=2, max_groups=2),
    "approximate": Tight(guarantee="approximate", max_rows=3, max_groups=1),
    "pure": Tight(guarantee="pure", max_rows=1, max_groups=3),
    "auto in L2": Tight(guarantee="zcdp", max_rows="auto", max_groups="auto"),
    "auto in L1": Tight(guarantee="approximate", max_rows="auto", max_groups="auto"),
}
