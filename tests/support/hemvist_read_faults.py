"""Faults of the compiler of reads: each is one text of one of its modules, and what to say instead."""

from __future__ import annotations

from hemvist_planted import Fault

_PACKAGE = "hemvist_graphql.compiled"

_TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    # Pages: order, size, what pageInfo says, cursors.
    "listing": (
        ("falling = ordering.descending != root.backward", "falling = ordering.descending"),
        ("only = listed.filter(place <= self._size)", "only = listed.filter(place < self._size)"),
        ("only = listed.filter(place <= self._size)", "only = listed"),
        ('.limit(self._size + literal_column("1", Integer()))', ".limit(self._size)"),
        ("of(self._page, READ) > self._size", "of(self._page, READ) >= self._size"),
        ('"hasNextPage": other if root.backward else more', '"hasNextPage": more'),
        ('"hasPreviousPage": more if root.backward else other', '"hasPreviousPage": other'),
        ("root.before if root.backward else root.after", "root.after"),
        ("first = (end == FIRST) != self._root.backward", "first = end == FIRST"),
        ('for name, end in (("startCursor", FIRST)', 'for name, end in (("startCursor", LAST)'),
        ("place if first else place.desc()", "place"),
        ('self._ordering.descending == (side == "after")', "self._ordering.descending"),
        ("order = place.desc() if self._root.backward else place", "order = place"),
        ("only = found.filter(place <= self._size)", "only = found"),
        ("rows.scan(self._tenant, self._root.criteria)", "rows.scan(self._tenant)"),
        ("conditions = [root.criteria]", "conditions = []"),
        ("func.to_char(in_utc(value), form)", "func.to_char(value, form)"),
        ("self._shown.trail = joined(self._shown.trail, below.trail)", "pass"),
        ("self._shown.trail), place <= self._size)", "self._shown.trail))"),
        ("func.coalesce(only, EMPTY_LIST).label(name)", "only.label(name)"),
        ("if asked:\n", "if asked and side == 'after':\n"),
    ),
    # One object, lists of objects, null.
    "objects": (
        (
            "listed = func.json_agg(aggregate_order_by(value, *keys))",
            "listed = func.json_agg(value)",
        ),
        (
            "return inner.desc() if key.modifier is operators.desc_op",
            "return inner.asc() if key.modifier is operators.desc_op",
        ),
        ("func.coalesce(listed, EMPTY_LIST)", "listed"),
        ("how.back == rows.id", "how.back != rows.id"),
        ("return must(found, rows.id) if required else found", "return found"),
        ("global_id_of(rows.reading.identified, rows.id)", "global_id_of(name, rows.tenant)"),
        ("global_id_of(rows.reading.identified, rows.id)", 'global_id_of("Case", rows.id)'),
        ("return typename(name)", 'return typename("Node")'),
        ("if kind not in rows.told", 'if kind not in rows.told and kind != "case"'),
        ("if kind not in rows.told", 'if kind not in rows.told and kind != "person"'),
        ("kind: own(rows.column(key))", "kind: own(rows.id)"),
        ("there.scan(rows.tenant, pointed)", "there.scan(rows.tenant)"),
        (
            'pointed = there.reading.columns["id"] == rows.column(how.key)',
            'pointed = there.reading.columns["id"] == rows.id',
        ),
    ),
    "shown": (("self.trail = joined(self.trail, trail)", "self.trail = trail"),),
    # Relations that choose. (Their ORDER BY before LIMIT is missed by no read here: the index that is
    # read has the rows in that order.)
    "chosen": (
        ("there.scan(tenant, looked_up(condition), *equal)", "there.scan(tenant, *equal)"),
        ("there.scan(tenant, looked_up(condition), *equal)", "there.scan(tenant, condition)"),
        ("source.joining.tenant_id == tenant", "source.joining.tenant_id == source.joining.id"),
        ("found.limit(_number(how.limit))", "found"),
        (
            "return objects.many(fields, there, scan, source.order)",
            "return objects.many(fields, there, scan, ())",
        ),
        (
            "return objects.told(nothing, shown, shown.trail)",
            "return objects.told(nothing, shown, {})",
        ),
    ),
    # What fields' arguments mean.
    "conditions": (
        ("return (key.key, tuple(lengths)), values", "return key.key, values"),
        ("return (key.key, tuple(lengths)), values", "return tuple(lengths), values"),
        ("if id(node) in self.by_node:", "if False:"),
        ("shapes.append(shape)", "pass"),
        ('shape, own = named(f"a{at}", condition)', 'shape, own = named("a", condition)'),
        ("        yield fragments[name]\n", ""),
        ("if how.needs is not None and not allows(actor, how.needs):", "if False:"),
        (
            "return None if criteria is None else and_(true(), *criteria)",
            "return and_(true(), *(criteria or ()))",
        ),
    ),
    # How values are printed.
    "printing": (
        ("return func.coalesce(value, failing)", "return value"),
        ("func.nullif(made, cast(literal_column(\"'null'\"), JSONB))", "made"),
        ("E'+/=\\\\n'", "E'+/='"),
        ("E'+/=\\\\n'", "E'=\\\\n'"),
        ("return cast(value, Integer)", "return value"),
        ("return func.to_char(in_utc(value)", "return func.to_char(value"),
        ('HH24:MI:SS.US"Z"', 'HH12:MI:SS.US"Z"'),
        ('YYYY-MM-DD"T"HH24', 'YYYY-DD-MM"T"HH24'),
        ("case((whole, text", "case((~whole, text"),
    ),
    # Who sees what, of which kommun.
    "rows": (
        ("statement = statement.where(model.tenant_id == tenant)", "pass"),
        ("statement.where(looked_up(self._visible(self._actor)))", "statement"),
        ("if key in parent.reading.shows or (", "if key or ("),
        ("self._visible = _left(through, parent)", "self._visible = None"),
        ('if own == "id" and parent.reading.trail.get(kind) == key', 'if own == "id"'),
        (".where(*conditions)", ""),
    ),
    # The audit entry.
    "trail": (
        ('KINDS = ("person", "case", "looked", "rent")', 'KINDS = ("case", "looked", "rent")'),
        ('KINDS = ("person", "case", "looked", "rent")', 'KINDS = ("person", "looked", "rent")'),
        ("or_(func.cardinality(persons) > 0, several > 0)", "func.cardinality(persons) > 0"),
        ("case((several == 1, one), else_=None)", "one"),
        ("(several > 1, func.jsonb_build_object", "(several > 2, func.jsonb_build_object"),
        ("ARRAY(SELECT DISTINCT", "ARRAY(SELECT"),
        ("/ 16 - 1) AS at ORDER BY 1)", "/ 16 - 2) AS at ORDER BY 1)"),
        ("substr({trail}, at * 16 + 1, 16)", "substr({trail}, at * 16 + 1, 15)"),
        ("part = func.coalesce(trail[kind], _NONE, type_=LargeBinary())", "part = trail[kind]"),
        ('"principal_id": given("principal", Uuid())', '"principal_id": given("tenant", Uuid())'),
        ("literal_column(\"'read'\")", "literal_column(\"'write'\")"),
    ),
    # What is asked: merging, aliases, fragments, directives.
    "selection": (
        ("found.setdefault(key, []).append(node)", "found.setdefault(key, [node])"),
        ("found.setdefault(key, []).append(node)", "found[key] = [node]"),
        ("key = node.alias.value if node.alias else node.name.value", "key = node.name.value"),
        ('if value is (name == "skip"):', 'if name == "include" and not value:'),
        ('if value is (name == "skip"):', 'if name == "skip" and value:'),
        (
            'if value is (name == "skip"):\n                return False',
            'return value is not (name == "skip")',
        ),
        (
            "return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, type_)",
            "return True",
        ),
        (
            "return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, type_)",
            "return False",
        ),
        ("for key, nodes in found.items()]", "for key, nodes in sorted(found.items())]"),
        (
            "if self._applies(fragment.type_condition, type_):",
            "if fragment.type_condition.name.value == type_.name:",
        ),
        ("return tuple(sorted(found))", "return ()"),
        (
            "if isinstance(given, VariableNode)\n            }",
            "if isinstance(given, VariableNode) and isinstance(node, FieldNode)\n            }",
        ),
    ),
    # What root fields mean: rights, arguments, shapes.
    "roots": (
        ("if how.needs is not None and not allows(actor, how.needs):", "if False:"),
        ("if how.target is None and not issubclass(readable(parsed[0]), Node):", "if False:"),
        ("or (how.target or parsed[0]) != parsed[0]", "or False"),
        ("(backward, after, before, shape)", "(backward, shape)"),
        ("(backward, after, before, shape)", "(after, before, shape)"),
        ("key = cursor_key(actor.tenant_id, name)", 'key = cursor_key(actor.tenant_id, "cases")'),
        (
            "keys = decode_cursor(actor.tenant_id, name, cursor)",
            "keys = decode_cursor(actor.tenant_id, 'cases', cursor)",
        ),
        ("bytes(byte ^ 0x5C for byte in key)", "bytes(byte ^ 0x36 for byte in key)"),
        (
            "page.last is not None, page.after is not None, page.before is not None",
            "page.last is not None, page.after is not None, False",
        ),
    ),
    # Values that each request gives anew.
    "parameters": (
        ("if name in given.names:", 'if name in given.names and "_f" not in name:'),
        ("if name in given.names:", 'if name in given.names and not name.endswith("_size"):'),
        ("if name in given.names:", 'if name in given.names and not name.endswith("_id"):'),
        ("if name in given.names:", 'if name in given.names and not name.startswith("audit_"):'),
        ("if isinstance(value, UUID) and value in _STANDS_FOR:", "if False:"),
        ('_PRINCIPAL: "principal"}', '_PRINCIPAL: "tenant"}'),
        (
            "return replace(actor, tenant_id=_TENANT, principal_id=principal, name=_NAME)",
            "return actor",
        ),
    ),
    # What plans are kept under, and what is given to them.
    "execution": (
        ("key = (text, name,", "key = (name,"),
        ("tuple(given.coerced.get(one) for one in shaping)", "()"),
        ("who = (actor.memberships, actor.channel,", "who = (actor.channel,"),
        ("actor.principal_id is None, today())", "actor.principal_id is None)"),
        ("(key, who, shapes, proving)", "(key, who, proving)"),
        ("(key, who, shapes, proving)", "(who, shapes, proving)"),
        ("(name or ANONYMOUS)[:MAX_OPERATION_NAME]", "ANONYMOUS"),
        ("sorted(role.value for role in actor.roles)", "[]"),
        ('"tenant_text": str(actor.tenant_id)', '"tenant_text": str(principal)'),
        ("require_bound(statement)", "pass"),
    ),
    "carrying": (
        ("for case in cases:\n                context.lays_open(case=case)", "pass"),
        ("for person in persons:\n                context.lays_open(person=person)", "pass"),
        ("context.finish()", "context.abandon()"),
    ),
    "statement": (
        (
            'given("tenant_text", Text()), literal_column("true")',
            'given("tenant_text", Text()), literal_column("false")',
        ),
        ("trail = joined(trail, shown.trail)", "trail = shown.trail"),
        ('given(root.name("id"), Uuid())', 'given("tenant", Uuid())'),
    ),
    # What Python computes over the rows.
    "finishing": (
        ("value if left is None else dumps(value)", "dumps(value)"),
        ("count += len(rows) * len(place.steps)", "rows = rows[:1]"),
        ("cohorts = [Cohort() for _ in self.places]", "cohorts = [Cohort()] * len(self.places)"),
        (
            "_find(below, value[key], found, cohorts)",
            "_find(below, value[key], found[:], cohorts[::-1])",
        ),
        ("value.pop)", "value.__getitem__)"),
    ),
    "completing": (
        (
            "(name, type(given[name]), given[name]) if name in given else name",
            "(name, type(given.get(name)), given.get(name))",
        ),
        ("(name, type(given[name]), given[name]) if name in given else name", "name"),
    ),
    "ingredients": (
        ("dt.date.fromisoformat", "dt.datetime.fromisoformat"),
        (
            "if isinstance(one.how, Computed):",
            "if isinstance(one.how, Computed) and one.how.needs is None:",
        ),
    ),
    "known": (
        (
            "Tenant.kommun_code, Tenant.slug, Tenant.name",
            "Tenant.slug, Tenant.kommun_code, Tenant.name",
        ),
        ("PackAdoption.tenant_id == tenant", "PackAdoption.tenant_id != tenant"),
    ),
    # Requests that are like one before.
    "repeated": (
        ("who = (actor.tenant_id, actor.memberships,", "who = (actor.memberships,"),
        ("who = (actor.tenant_id, actor.memberships,", "who = (actor.tenant_id,"),
        ("actor.principal_id is None, today())", "actor.principal_id is None)"),
        ('if name in ("principal_id", "name"):', "if False:"),
        ("return asked.text, asked.name, who, proving, given", "return asked.name, who, given"),
        ("who, proving, given\n", "who, proving\n"),
        ("return _FREE, parsed[0]", "return _FREE"),
        (
            "if given is None:\n            return None",
            "if given is None:\n            return _FREE",
        ),
        ("for name, free in found.items() if uses[name] == 0", "for name, free in found.items()"),
        ("uses[variable] -= len(root.field.nodes)", "uses[variable] = 0"),
        ('yield f"{name}{place}", key', 'yield f"{name}0", key'),
        ("frozen(value, room))\n        for name", "0)\n        for name"),
    ),
    "json": (("return orjson.loads(text)", 'return orjson.loads(text.replace("å", "a"))'),),
}

FAULTS = [
    Fault(module, old, new, _PACKAGE) for module, texts in _TEXTS.items() for old, new in texts
]
