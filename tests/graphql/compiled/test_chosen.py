"""Relations that choose: by argument, the first of, through a joining table. Both paths alike."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select, true

from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.households.models import HouseholdMember
from hemvist.identity import Membership, Role
from hemvist.ids import new_id
from hemvist_graphql.choosing import Chosen, Joining
from hemvist_graphql.compiled import NotPlanned
from hemvist_graphql.compiled.guard import require_bound
from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned
from hemvist_world import World, adult, new_world

WHO = "caseworker SOF-VUX"
OBLIGATIONS = """query Obligations($id: ID!, $state: [String!]) { case(id: $id) {
  all: obligations { code state }
  open: obligations(state: ["open"]) { id dueOn }
  asked: obligations(state: $state) { ...O }
} }
fragment O on Obligation { code ordinal followUp { heldOn notes } case { number } }"""
