"""Templates' own words: what is filled into a sentence."""

from __future__ import annotations

from hemvist_portal.rendering import environment


def shown(template: str, **values: object) -> str:
    """``template`` as Swedish readers get it."""
    return environment().from_string(template).render(lang="sv", **values)


def test_a_day_in_running_text_is_not_broken() -> None:
    assert shown('{{ _("senast {day}", day=on | whole_day) }}', on="2026-11-21") == (
        'senast <time class="day" datetime="2026-11-21">2026-11-21</time>'
    )


def test_what_stands_beside_the_day_is_escaped() -> None:
    said = shown('{{ _("{name} <{day}>", day=on | whole_day, name="<b>") }}', on="2026-11-21")
    assert said.startswith("&lt;b&gt; &lt;<time")
    assert shown('{{ _("{name}", name="<b>") }}') == "&lt;b&gt;"
