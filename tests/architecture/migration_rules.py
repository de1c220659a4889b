"""What a migration may do while the release before it is still at work: add, and nothing else.

An upgrade runs the migrations first, then shifts traffic; for some minutes both releases use one schema, and a shift
that is undone leaves the old one with it. So a release *expands* the schema, and what it no longer uses goes in a
later one, in a migration that says `contract = True`, and only when the last release names it nowhere.

An index on a table that grows is built in a migration of its own that says `outside_transaction = True`, and does
nothing else: killed at any moment, it is run again.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Operations that take away, or that refuse what the release before writes.
_TAKES_AWAY = {"drop_table", "drop_column", "rename_table", "drop_constraint", "drop_index"}
_REFUSES = {
    "create_unique_constraint",
    "create_check_constraint",
    "create_foreign_key",
    "create_exclude_constraint",
}
# A backfill brings millions of rows to each of these. PostgreSQL lets nobody write while it builds a plain index.
GROWING = {"audit_log", "documents", "events", "jobs", "pages", "uploads"}
_HOLDS_UP = "holds up writers while it is built"
_IN_TRANSACTION = "cannot be built concurrently in a transaction: say outside_transaction = True"
_NOT_AGAIN = "cannot be run again after a kill: say postgresql_concurrently=True and if_not_exists=True"
_ALONE = "stands outside a transaction, where only indexes are built"
_ALWAYS = (_HOLDS_UP, _IN_TRANSACTION, _NOT_AGAIN, _ALONE)
_FILLS = re.compile(r"\s*(UPDATE|INSERT)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One operation of a migration: its name, the table and column it is about where it names them, and its fault."""

    name: str
    table: str
    column: str
    fault: str


def faults(source: str, said_before: Iterable[str]) -> list[str]:
    """What this migration may not do; `said_before` are the statements of the last release before it."""
    tree = ast.parse(source)
    values = _module_values(tree)
    if values.get("down_revision") is None:
        return []  # nothing was there before
    wrong = [step for step in _steps(tree, values.get("outside_transaction") is True) if step.fault]
    if values.get("contract") is not True:
        return [f"{step.name}: {step.fault}" for step in wrong]
    said = list(said_before)
    always = [f"{step.name}: {step.fault}" for step in wrong if step.fault in _ALWAYS]
    return always + [
        f"{step.name}: the last release still names {step.table} {step.column}".rstrip()
        for step in wrong
        if step.name in ("drop_table", "drop_column", "rename_table", "alter_column") and _names(said, step)
    ]


def _module_values(tree: ast.Module) -> dict[str, object]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _steps(tree: ast.Module, outside: bool) -> Iterator[Step]:
    """Every operation outside `downgrade`, in helpers too."""
    functions = [
        node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name == "downgrade")
    ]
    calls = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)]
    made = {_word(call, 0) for call in calls if _operation(call) == "create_table"}
    batches = _batches(functions)
    for call in calls:
        name = _operation(call)
        if name is None:
            continue
        batch = batches.get(ast.unparse(call.func.value)) if isinstance(call.func, ast.Attribute) else None
        table, column = (batch, _word(call, 0)) if batch else _table_and_column(name, call)
        if table not in made:
            yield Step(name, table, column, _fault(name, call) or _fault_of_place(name, call, table, outside))
        elif outside:
            yield Step(name, table, column, _ALONE)


def _operation(call: ast.Call) -> str | None:
    """`add_column` of `op.add_column(…)` or of a batch's."""
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
        return None
    return call.func.attr if call.func.value.id == "op" or "batch" in call.func.value.id else None


def _batches(functions: Iterable[ast.AST]) -> dict[str, str]:
    """The table of each `with op.batch_alter_table("table") as name`."""
    items = [
        item for f in functions for node in ast.walk(f) if isinstance(node, ast.With) for item in node.items
    ]
    return {
        ast.unparse(item.optional_vars): _word(item.context_expr, 0)
        for item in items
        if item.optional_vars is not None and isinstance(item.context_expr, ast.Call)
    }


def _table_and_column(name: str, call: ast.Call) -> tuple[str, str]:
    if name in ("drop_index", "drop_constraint", "create_index", *_REFUSES):
        return _word(call, 1), ""
    return _word(call, 0), _word(call, 1)


def _word(call: ast.Call, place: int) -> str:
    argument = call.args[place] if len(call.args) > place else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _given(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is(call: ast.Call, name: str, value: object) -> bool:
    given = _given(call, name)
    return isinstance(given, ast.Constant) and given.value is value


def _fault_of_place(name: str, call: ast.Call, table: str, outside: bool) -> str:
    """Why it cannot stand where it does, in a transaction or `outside` of one; empty when it can."""
    concurrent = name == "create_index" and _is(call, "postgresql_concurrently", True)
    if outside:
        if name != "create_index":
            return _ALONE
        return "" if concurrent and _is(call, "if_not_exists", True) else _NOT_AGAIN
    if concurrent:
        return _IN_TRANSACTION
    return _HOLDS_UP if name == "create_index" and table in GROWING else ""


def _fault(name: str, call: ast.Call) -> str:
    """Why the release before could not live with this; empty when it can."""
    if name in _TAKES_AWAY:
        return "takes away what the release before may use"
    if name in _REFUSES or (name == "create_index" and _is(call, "unique", True)):
        return "may refuse what the release before writes"
    if name == "alter_column":
        if any(_given(call, change) is not None for change in ("new_column_name", "type_")):
            return "renames or remakes what the release before uses"
        return "may refuse what the release before writes" if _is(call, "nullable", False) else ""
    if name == "add_column":
        column = next((a for a in call.args if isinstance(a, ast.Call)), None)
        must = (
            column is not None and _is(column, "nullable", False) and _given(column, "server_default") is None
        )
        return "must be given by writers who do not know it" if must else ""
    if name == "execute":
        return "" if _FILLS.match(_word(call, 0)) else "only filling in may be done in words of SQL"
    return ""


def _names(said: Iterable[str], step: Step) -> bool:
    """Whether any statement has both words, table and column, in it."""
    words = [re.compile(rf"\b{re.escape(word)}\b") for word in (step.table, step.column) if word]
    return any(all(word.search(statement) for word in words) for statement in said)
