"""How Celery is set up. Read the first time it is needed, so that settings may come late."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

from hemvist.settings import get_settings

_settings = get_settings()

broker_url = _settings.require("redis_url")
#: Nothing waits for an answer: what a task did stands in the database.
task_ignore_result = True

# JSON only: a message can never run code.
task_serializer = "json"
accept_content = ["json"]
result_accept_content = ["json"]

# A task is acknowledged when it is done; one whose worker died comes back.
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_pool = "prefork"
#: Seconds. The longest that any task may take; the child is killed after it.
task_time_limit = _settings.task_time_limit
#: Longer than the longest task, so that none is given out twice while it runs.
broker_transport_options: dict[str, Any] = {
    "visibility_timeout": _settings.task_time_limit * 2,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
#: The relay holds row locks while it publishes: better to fail at once and try at the next tick.
task_publish_retry = False

#: Events and chores; what every second or two only looks whether there is something to do, which must not
#: wait behind them; and what reckons for seconds or minutes, which they must not wait behind. A worker that
#: is told of no queue takes from all.
task_default_queue = "hemvist"
TICKS, LONG = "hemvist-ticks", "hemvist-long"
task_queues: dict[str, dict[str, str]] = {"hemvist": {}, TICKS: {}, LONG: {}}
_LOOKING = (
    *("hemvist.relay", "hemvist.relay_again", "hemvist.link", "hemvist.webhooks"),
    *("hemvist.chores", "hemvist.exchanges", "hemvist.statements"),
)
_RECKONING = ("hemvist.simulate", "hemvist.thin", "hemvist.exchange", "hemvist.state")
task_routes = {
    **{name: {"queue": TICKS} for name in _LOOKING},
    **{name: {"queue": LONG} for name in _RECKONING},
}
worker_send_task_events = False
worker_hijack_root_logger = False
#: Beat counts in UTC: by Swedish time it stands still for an hour when the clocks go back. The hours
#: below are UTC, one or two before Sweden's. What day it is asks every chore of ``hemvist.clock``.
timezone = "UTC"
enable_utc = True


#: A clock that is set back does not stop it, and of several beats one sends; it looks at the clock this
#: often, in seconds.
beat_scheduler = "hemvist_workers.leading:LeadingScheduler"
beat_max_loop_interval = 5


def _chore(name: str, schedule: crontab) -> dict[str, Any]:
    return {"task": "hemvist.chores", "args": (name,), "schedule": schedule}


#: A tick that could not be run before the next one is due is of no use any more.
_TICK = {"expires": 5}
beat_schedule: dict[str, dict[str, Any]] = {
    "relay": {"task": "hemvist.relay", "schedule": 1.0, "options": _TICK},
    # Within seconds: until then it is its mark alone that holds an entry.
    "link": {"task": "hemvist.link", "schedule": 5.0, "options": _TICK},
    "link-deep": {"task": "hemvist.link", "args": ("deep",), "schedule": 300.0},
    "link-all": {"task": "hemvist.link", "args": ("all",), "schedule": crontab(minute=25, hour=2)},
    "relay-again": {"task": "hemvist.relay_again", "schedule": 300.0},
    # Often and not once a night: a day that changes while beat is down is caught up with.
    "mark-overdue": _chore("mark_overdue", crontab(minute="*/10")),
    # A promise of hours is told of within minutes.
    "escalate-clocks": _chore("escalate_clocks", crontab(minute="*/5")),
    "expire-referrals": _chore("expire_referrals", crontab(minute="5-59/10")),
    "expire-offers": _chore("expire_offers", crontab(minute="7-59/10")),
    # A threatened household waits for it; the network's own letters go at once.
    "carry-handovers": _chore("carry_handovers", crontab()),
    "activate-versions": _chore("activate_versions", crontab(minute="1-59/10")),
    "lay-out-obligations": _chore("lay_out_obligations", crontab(minute=20, hour=1)),
    # Ages and months are other ones on another day.
    # The month before's, on the first night; any later one, where that night was missed.
    "draw-log-sample": _chore("draw_log_sample", crontab(minute=50, hour=2)),
    "refresh-snapshot": _chore("refresh_snapshot", crontab(minute=10, hour="0-3")),
    "resume-simulations": _chore("resume_simulations", crontab(minute="3-59/5")),
    "resume-thinning": _chore("resume_thinning", crontab(minute="4-59/5")),
    # What backups can no longer bring back, and vouchers that bookkeeping lets go.
    "forget-thinned": _chore("forget_thinned", crontab(minute=25, hour=2)),
    # The worker watches what is signed from now on; this is for what was signed before.
    "watch-takeovers": _chore("watch_takeovers", crontab(minute=30, hour="*/6")),
    # What was shown of a household is taken back when nobody has looked it up for too long.
    "withhold-stale": _chore("withhold_stale", crontab(minute="6-59/10")),
    # Each person once a week; whoever is new, or asked for, within minutes.
    "look-up-protection": _chore("look_up_protection", crontab(minute="2-59/5")),
    # A period that runs out is a duty for a person, seen a month ahead.
    "watch-guarantees": _chore("watch_guarantees", crontab(minute=50, hour="*/6")),
    "watch-terms": _chore("watch_terms", crontab(minute=55, hour="*/6")),
    # Asked often, answered on the first days of a week and once: see hemvist_workers.digests.
    "send-digests": _chore("send_digests", crontab(minute="4-59/15")),
    # A landlord's system is told within seconds, its people of a new offer within a minute.
    "webhooks": {"task": "hemvist.webhooks", "schedule": 2.0, "options": _TICK},
    "landlord-mails": {"task": "hemvist.landlord_mails", "schedule": 30.0, "options": _TICK},
    # Answers that did not come, and the day of a round; letters are carried as they are written.
    "exchange": {"task": "hemvist.exchanges", "schedule": 60.0, "options": {"expires": 55}},
    # Each member's own balance; of the others it tells by quarters, and late.
    "statements": {"task": "hemvist.statements", "schedule": crontab(minute=35)},
    "prune-landlords": {
        "task": "hemvist.prune_landlords",
        "schedule": crontab(minute=45, hour="*/6"),
    },
    # Nobody forgets what is parked: it is told of again until somebody has decided.
    "tell-parked": _chore("tell_parked", crontab(minute="8-59/10")),
    "count-figures": _chore("count_figures", crontab(minute="9-59/10")),
    # From nothing each night: what the counting of changes missed is found; a month that is over is told.
    "tell-figures": _chore("tell_figures", crontab(minute=15, hour=0)),
    # Years that were told since; who joins or leaves waits for no night.
    "compare-figures": {"task": "hemvist.comparisons", "schedule": crontab(minute=15, hour=3)},
    "prune": _chore("prune", crontab(minute=40, hour="*/6")),
}
