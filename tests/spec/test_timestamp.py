"""Times: the text is kept, the instant is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from documents import pickled

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.timestamp import Timestamp


@pytest.mark.hostile("times with nanoseconds, of year 0, 30 February or second 60")
@pytest.mark.spec(
    "image-spec config.md, created",
    "An combined date and time at which the image was created, formatted as defined by "
    "RFC 3339, section 5.6.",
)
@pytest.mark.parametrize(
    ("text", "unix_ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2021-06-07T01:07:31.224378431Z", 1623028051224378431),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
        ("1970-01-01t01:00:00+01:00", 0),
        ("1969-12-31T23:00:00-01:00", 0),
        ("1969-12-31T23:59:60Z", 0),
        ("1970-01-01T00:00:00.0000000019Z", 1),
        ("0001-01-01T00:00:00Z", -62135596800 * 10**9),
        ("2020-02-29T00:00:00Z", 1582934400 * 10**9),
    ],
)
def test_a_time_names_an_instant(text: str, unix_ns: int) -> None:
    """In nanoseconds, whatever its zone."""
    time = Timestamp(text)

    assert time == text
    assert time.is_valid
    assert time.unix_ns == unix_ns


@pytest.mark.hostile("times with nanoseconds, of year 0, 30 February or second 60")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2021-06-07T01:07:31", id="no zone"),
        pytest.param("2021-06-07 01:07:31Z", id="no T"),
        pytest.param("2021-02-30T00:00:00Z", id="no such day"),
        pytest.param("2021-13-01T00:00:00Z", id="no such month"),
        pytest.param("2021-06-07T24:00:00Z", id="no such hour"),
        pytest.param("2021-06-07T01:07:61Z", id="no such second"),
        pytest.param("2021-06-07T01:07:31.Z", id="no digits after the point"),
        pytest.param("2021-06-07T01:07:31+24:00", id="no such zone"),
        pytest.param("0000-01-01T00:00:00Z", id="the year before the first"),
        pytest.param("2021-06-07T01:07:31Z\n", id="a line feed at the end"),
        pytest.param("2021-06-07T01:07:3\u0661Z", id="a digit that is not ASCII"),
    ],
)
def test_a_text_that_names_no_instant_is_kept_all_the_same(text: str) -> None:
    """Real documents hold odd ones."""
    time = Timestamp(text)

    assert time == text
    assert not time.is_valid
    assert time.unix_ns is None
    assert time.datetime is None


@pytest.mark.hostile("times with nanoseconds, of year 0, 30 February or second 60")
def test_a_time_is_a_datetime_to_the_microsecond() -> None:
    """Nanoseconds have no place in one, and some years neither."""
    time = Timestamp("2021-06-07T01:07:31.224378431Z")

    assert time.datetime == datetime(2021, 6, 7, 1, 7, 31, 224378, tzinfo=UTC)
    assert Timestamp("9999-12-31T23:59:59-01:00").datetime is None
    assert Timestamp("9999-12-31T23:59:59-01:00").unix_ns == 253402304399 * 10**9


@pytest.mark.parametrize(
    ("unix_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_500_000_000, "1970-01-01T00:00:01.5Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (-62135596800 * 10**9, "0001-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_written_as_go_writes_it(unix_ns: int, text: str) -> None:
    """Without zeros at the end, and with four digits for every year."""
    assert Timestamp.of(unix_ns) == text
    assert Timestamp.of(unix_ns).unix_ns == unix_ns


@pytest.mark.parametrize(
    "unix_ns", [253402300800 * 10**9, -62135596801 * 10**9, 10**40]
)
def test_an_instant_that_has_no_text_is_refused(unix_ns: int) -> None:
    """RFC 3339 has four digits for a year."""
    with pytest.raises(InvalidFieldError, match="the years 1 to 9999"):
        Timestamp.of(unix_ns)


def test_a_time_is_a_text() -> None:
    """It pickles, and shows that it is one."""
    time = Timestamp("x")

    assert pickled(time) == time
    assert repr(time) == "Timestamp('x')"
