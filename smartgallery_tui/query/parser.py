"""Query text to query tree. Total: any text gives a tree or a `QuerySyntaxError` with a column."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from smartgallery_tui.errors import QuerySyntaxError
from smartgallery_tui.query.ast import And, Everything, Node, Not, Or, join
from smartgallery_tui.query.fields import AFTER, BEFORE, BY_ALIAS, Field, suggest_field
from smartgallery_tui.query.values import Value, build, pattern_leaf, word_leaf

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 4000
"""Characters of a query."""
MAX_DEPTH = 40
"""Brackets and minus signs within each other."""

_BLANK = re.compile(r"\s*")
_FIELD = re.compile(r"([A-Za-z_]+):")
_KEYWORD = re.compile(r"(OR|AND|NOT)(?=[\s()]|$)|\|\|?(?=\s|$)")
_OPERATOR = re.compile(r">=|<=|!=|[<>=~]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)+)/", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ENDS = " \t\r\n\f\v"


def parse(text: str, *, now: datetime | None = None, typing: bool = False) -> Node:
    """Return the tree that a query means.

    Args:
        text: What was typed.
        now: The moment that `today` and ages refer to; local time; None is this moment.
        typing: The end of the text is still being typed: its last word is a prefix, and what is
            incomplete there (an open quote, `field:`, a lone minus) is no error.

    Raises:
        QuerySyntaxError: Names what cannot be read and its column.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH)
    moment = now if now is not None else datetime.now()  # noqa: DTZ005 - local days are meant
    return _Parser(text, moment, typing).read()


def parse_parts(text: str, *, now: datetime | None = None) -> list[tuple[int, int, Node]]:
    """Return the parts that stand side by side in a query, with their places in the text.

    A query with `OR` outside brackets is one part.

    Raises:
        QuerySyntaxError: As `parse` does.
    """
    whole = parse(text, now=now)
    if not isinstance(whole, And):
        stripped = text.strip()
        start = text.index(stripped) if stripped else 0
        return [(start, start + len(stripped), whole)] if stripped else []
    moment = now if now is not None else datetime.now()  # noqa: DTZ005
    return _Parser(text, moment, False).parts()


class _Parser:
    """Recursive descent over the text itself; `_at` is the next character."""

    def __init__(self, text: str, now: datetime, typing: bool) -> None:
        self._text = text
        self._now = now
        self._typing = typing
        self._at = 0
        self._depth = 0

    def read(self) -> Node:
        self._skip_blanks()
        if self._at == len(self._text):
            return Everything()
        node = self._alternatives()
        if self._at < len(self._text):
            raise QuerySyntaxError("this `)` closes nothing", self._at)
        return node

    def parts(self) -> list[tuple[int, int, Node]]:
        found: list[tuple[int, int, Node]] = []
        while True:
            if self._keyword() == "AND":
                self._take_keyword()
            self._skip_blanks()
            start = self._at
            if start == len(self._text):
                return found
            node = self._negatable()
            found.append((start, self._at, node))

    def _alternatives(self) -> Node:
        parts = [self._sequence()]
        while self._keyword() in {"OR", "|", "||"}:
            start = self._at
            self._take_keyword()
            if self._is_unfinished():
                break
            parts.append(self._sequence(after=start))
        return join(Or, parts)

    def _sequence(self, after: int | None = None) -> Node:
        parts: list[Node] = []
        while True:
            self._skip_blanks()
            if self._at == len(self._text) or self._text[self._at] == ")":
                break
            keyword = self._keyword()
            if keyword in {"OR", "|", "||"}:
                break
            if keyword == "AND" and parts:
                self._take_keyword()
                continue
            parts.append(self._negatable())
        if not parts:
            self._nothing_there(after)
        return join(And, parts)

    def _nothing_there(self, after: int | None) -> None:
        if after is not None:
            raise QuerySyntaxError("`OR` needs something behind it", after)
        if self._keyword():
            raise QuerySyntaxError("`OR` needs something before it", self._at)
        if self._at < len(self._text):
            opened = self._depth > 0
            message = "the brackets are empty" if opened else "this `)` closes nothing"
            raise QuerySyntaxError(message, self._at)
        if not self._typing:
            raise QuerySyntaxError("the bracket is never closed", max(self._at - 1, 0))

    def _negatable(self) -> Node:
        start = self._at
        keyword = self._keyword()
        if keyword == "NOT" or self._text[self._at] == "-":
            if keyword:
                self._take_keyword()
            else:
                self._at += 1
            if self._is_unfinished():
                return Everything(True)
            if self._at == len(self._text) or self._text[self._at] in _ENDS + ")":
                raise QuerySyntaxError(f"`{keyword or '-'}` needs a word or field behind it", start)
            part = self._deeper(start, self._negatable)
            return part if isinstance(part, Everything) and part.is_unfinished else Not(part)
        if keyword:
            raise QuerySyntaxError(f"`{keyword}` needs something before it", start)
        return self._term()

    def _term(self) -> Node:
        char = self._text[self._at]
        if char == "(":
            return self._group()
        if char == '"':
            return self._phrase()
        found = _FIELD.match(self._text, self._at)
        if found is not None and not self._text.startswith("//", found.end()):
            return self._field(found)
        return self._word()

    def _group(self) -> Node:
        start = self._at
        self._at += 1
        node = self._deeper(start, self._alternatives)
        if self._at < len(self._text):
            self._at += 1
        elif not self._typing:
            raise QuerySyntaxError("this `(` is never closed", start)
        return node

    def _phrase(self) -> Node:
        start = self._at
        text = self._quoted()
        value = Value(text, start, is_quoted=True, is_prefix=self._take_star())
        if self._typing and not text.strip():
            return Everything(True)
        return word_leaf("", value)

    def _word(self) -> Node:
        start = self._at
        text = self._run("")
        if set(text) == {"*"}:
            return Everything()
        bare = text.rstrip("*")
        star = bare != text
        if "*" in bare:
            raise QuerySyntaxError(
                f"a `*` can only end a word: `{text}`; `name:` takes it anywhere",
                start + bare.index("*"),
            )
        is_typed = self._typing and self._at == len(self._text)
        return word_leaf("", Value(bare, start, is_prefix=star or is_typed))

    def _field(self, found: re.Match[str]) -> Node:
        start = self._at
        name = found[1].casefold()
        self._at = found.end()
        if name == "re":
            return self._regex("", start)
        field, operator = self._known_field(name, start)
        if self._is_at_end():
            if self._typing and self._at == len(self._text):
                return Everything(True)
            raise QuerySyntaxError(f"`{found[0]}` needs a value", start)
        parts: list[Node] = []
        while True:
            parts.append(self._value(field, operator))
            if self._at >= len(self._text) or self._text[self._at] != ",":
                break
            self._at += 1
            if self._is_at_end():
                break
        return join(Or, parts)

    def _known_field(self, name: str, start: int) -> tuple[Field, str]:
        if name in BEFORE:
            return BY_ALIAS["date"], "<" if name == "before" else "<="
        if name in AFTER:
            return BY_ALIAS["date"], ">" if name == "after" else ">="
        field = BY_ALIAS.get(name)
        if field is None:
            near = suggest_field(name)
            hint = f"did you mean `{near}:`?" if near else "put it in quotes to search for the text"
            raise QuerySyntaxError(f"there is no field `{name}:`; {hint}", start, near)
        return field, ""

    def _value(self, field: Field, operator: str) -> Node:
        start = self._at
        if operator == "" and (found := _OPERATOR.match(self._text, self._at)):
            operator = found[0]
            self._at = found.end()
        negated = operator == "!="
        value = self._read_value(field, start, "" if negated else operator)
        if value.text == "" and not value.is_prefix:
            if self._typing and self._at == len(self._text):
                return Everything(True)
            raise QuerySyntaxError(f"`{field.name}:` needs a value", start)
        node = build(field, value, self._now)
        return Not(node) if negated else node

    def _read_value(self, field: Field, start: int, operator: str) -> Value:
        if self._text.startswith('"', self._at):
            text = self._quoted()
            star = self._take_star()
            self._expect_end(start)
            return Value(text, start, operator, is_quoted=True, is_prefix=star)
        if field.sort != "path" or field.name == "name":
            found = _REGEX.match(self._text, self._at)
            if found is not None:
                self._at = found.end()
                return Value(_unescape_slash(found[1]), start, operator, is_regex=True)
        text = self._run(",")
        bare = text.removesuffix("*")
        is_typed = self._typing and self._at == len(self._text) and bool(bare)
        return Value(bare, start, operator, is_prefix=bare != text or is_typed, is_typed=is_typed)

    def _regex(self, field: str, start: int) -> Node:
        found = _REGEX.match(self._text, self._at)
        if found is None:
            if self._typing:
                self._at = len(self._text)
                return Everything(True)
            raise QuerySyntaxError("`re:` needs an expression between slashes: re:/x/", start)
        self._at = found.end()
        self._expect_end(start)
        return pattern_leaf(field, Value(_unescape_slash(found[1]), start, is_regex=True))

    def _quoted(self) -> str:
        start = self._at
        found = _QUOTED.match(self._text, self._at)
        if found is None:  # pragma: no cover - a quote always matches its own pattern
            raise QuerySyntaxError("this quote cannot be read", start)
        self._at = found.end()
        closed = len(found[0]) == len(found[1]) + 2
        if not closed:
            if not self._typing:
                raise QuerySyntaxError("this quote is never closed", start)
            self._at = len(self._text)
            return _ESCAPE.sub(r"\1", self._text[start + 1 :].rstrip("\\"))
        return _ESCAPE.sub(r"\1", found[1])

    def _run(self, stops: str) -> str:
        """Take characters up to a blank, a stop, or a bracket that closes an outer one."""
        start = self._at
        depth = 0
        while self._at < len(self._text):
            char = self._text[self._at]
            if char.isspace() or char in stops or char == '"':
                break
            if char == "(":
                depth += 1
            elif char == ")":
                if depth == 0:
                    break
                depth -= 1
            self._at += 1
        if depth and self._depth:
            # An outer bracket waits for its end: a `(` within a word does not swallow it.
            self._at = start + self._text[start : self._at].index("(")
        return self._text[start : self._at]

    def _take_star(self) -> bool:
        if self._text.startswith("*", self._at):
            self._at += 1
            return True
        return False

    def _expect_end(self, start: int) -> None:
        if not self._is_at_end() and self._text[self._at] != ",":
            raise QuerySyntaxError(
                f"`{self._text[start : self._at + 1]}`: put a blank or a comma behind the value",
                self._at,
            )

    def _deeper(self, start: int, read: Callable[[], Node]) -> Node:
        if self._depth >= MAX_DEPTH:
            raise QuerySyntaxError(f"more than {MAX_DEPTH} levels within each other", start)
        self._depth += 1
        node = read()
        self._depth -= 1
        return node

    def _keyword(self) -> str:
        self._skip_blanks()
        found = _KEYWORD.match(self._text, self._at)
        return found[0] if found else ""

    def _take_keyword(self) -> None:
        self._at += len(self._keyword())
        self._skip_blanks()

    def _skip_blanks(self) -> None:
        found = _BLANK.match(self._text, self._at)
        if found is not None:
            self._at = found.end()

    def _is_at_end(self) -> bool:
        """Return whether the term ends here."""
        if self._at == len(self._text):
            return True
        char = self._text[self._at]
        return char.isspace() or char == ")"

    def _is_unfinished(self) -> bool:
        return self._typing and self._at == len(self._text)


def _unescape_slash(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "/" if m[1] == "/" else m[0], text, flags=re.DOTALL)
