"""The formats that Elasticsearch 9.2.0 knows by name, as layouts (see `formats`).

Facts of its reference and its behaviour: what each reads, in order of trying, and how it prints.
"""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.elasticsearch.date_formats.iso8601 import MONTH, NANO, SECOND, YEAR, Iso8601

ISO: Mapping[str, Iso8601] = {
    "iso8601": Iso8601(),
    "strict_date_optional_time": Iso8601(),
    "strict_date_optional_time_nanos": Iso8601(least=SECOND, optional_time=True),
    "strict_date_time": Iso8601(least=SECOND, separators=".", zone="mandatory"),
    "strict_date_time_no_millis": Iso8601(least=SECOND, most=SECOND, zone="mandatory"),
    "strict_date_hour_minute_second": Iso8601(least=SECOND, most=SECOND, zone="forbidden"),
    "strict_date_hour_minute_second_fraction": Iso8601(
        NANO, NANO, separators=".", zone="forbidden"
    ),
    "strict_date_hour_minute_second_millis": Iso8601(NANO, NANO, separators=".", zone="forbidden"),
    "strict_year_month": Iso8601(MONTH, MONTH, zone="forbidden"),
    "strict_year": Iso8601(YEAR, YEAR, zone="forbidden"),
}

_HMS = "H2 : m2 : s2"
_HMS_LOOSE = "H1-2 : m1-2 : s1-2"
_HMS_BASIC = "H2 m2 s2"
_YMD = "Y4x [ - M2 [ - D2 ] ]"
_YMD_LOOSE = "Y1-9n [ - M1-2 [ - D1-2 ] ]"
_BASIC_YMD = "Y4n M2 D2"
_BASIC_YMD_PRINTED = "Y4-10n M2 D2"
_ORDINAL = "Y4-10x - J1-3"
_ORDINAL_STRICT = "Y4x - J3"
_WEEK_DATE = "V4-10x -W w2 - E1"
_WEEK_DATE_LOOSE = "V4-10x -W w1-2 - E1"
_BASIC_WEEK = "V1-19n W w1-2 E1-19n"
_BASIC_WEEK_PRINTED = "V4-10n W w2 E1-19n"
_BASIC_WEEK_STRICT = "V4 W w1-2 E1-19n"
_T_HM_S = "T H1-2 : m1-2 [ : s1-2 f1-9 ]"
_T_HM_S_NO_MILLIS = "T H1-2 : m1-2 [ : s1-2 ]"

_PRINTED_OPTIONAL = "( Y4-9x [ - M2 [ - D2 ] ] ) T [ H2 [ : m2 [ : s2 [ {fraction} ] ] [ O: ] ] ]"


def _zoned(layout: str) -> tuple[str, ...]:
    """A layout followed by a zone, or by an offset without a colon."""
    return (f"( {layout} ) Z", f"( {layout} ) O")


LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "basic_date": ("Y1-4n M1-2 D1-2",),
    "basic_date_time": _zoned(f"( {_BASIC_YMD} ) ( T ( {_HMS_BASIC} f1-9 ) )"),
    "basic_date_time_no_millis": _zoned(f"( {_BASIC_YMD} T ) ( {_HMS_BASIC} )"),
    "basic_ordinal_date": ("Y4-19x J3",),
    "basic_ordinal_date_time": _zoned(f"y4-19x J3 ( T ( {_HMS_BASIC} f1-9 ) )"),
    "basic_ordinal_date_time_no_millis": _zoned(f"Y4-19x J3 T ( {_HMS_BASIC} )"),
    "basic_time": _zoned(f"{_HMS_BASIC} f1-9"),
    "basic_time_no_millis": _zoned(_HMS_BASIC),
    "basic_t_time": _zoned(f"T {_HMS_BASIC} f1-9"),
    "basic_t_time_no_millis": _zoned(f"T {_HMS_BASIC}"),
    "basic_week_date": (_BASIC_WEEK,),
    "basic_week_date_time": _zoned(f"( {_BASIC_WEEK} ) T {_HMS_BASIC} f1-9"),
    "basic_week_date_time_no_millis": _zoned(f"( {_BASIC_WEEK} ) T {_HMS_BASIC}"),
    "strict_basic_week_date": (_BASIC_WEEK_STRICT,),
    "strict_basic_week_date_time": _zoned(f"( {_BASIC_WEEK_STRICT} ) T {_HMS_BASIC} f1-9"),
    "strict_basic_week_date_time_no_millis": _zoned(f"( {_BASIC_WEEK_PRINTED} ) T {_HMS_BASIC}"),
    "date": (_YMD_LOOSE,),
    "date_hour": (f"( {_YMD_LOOSE} ) T H1-2",),
    "date_hour_minute": (f"( {_YMD_LOOSE} ) T H1-2 : m1-2",),
    "date_hour_minute_second": (f"( {_YMD_LOOSE} ) T {_HMS_LOOSE}",),
    "date_hour_minute_second_fraction": (f"( {_YMD_LOOSE} ) T {_HMS_LOOSE} f1-9",),
    "date_hour_minute_second_millis": (f"( {_YMD_LOOSE} ) T {_HMS_LOOSE} f1-3",),
    "date_optional_time": (
        f"( {_YMD_LOOSE} ) [ T [ H1-2 [ : m1-2 [ : s1-2 ] [ f1-9 ] [ , F1-9 ] [ Z ] [ O ] ] ] ]",
    ),
    "date_time": (f"( {_YMD_LOOSE} ) {_T_HM_S} O:", f"( {_YMD_LOOSE} ) {_T_HM_S} O"),
    "date_time_no_millis": tuple(
        f"( {_YMD_LOOSE} ) {_T_HM_S_NO_MILLIS} {zone}" for zone in ("O:", "O", "[ Z ]", "[ O ]")
    ),
    "hour": ("H1-2",),
    "hour_minute": ("H1-2 : m1-2",),
    "hour_minute_second": (_HMS_LOOSE,),
    "hour_minute_second_fraction": (f"{_HMS_LOOSE} f1-9",),
    "hour_minute_second_millis": (f"{_HMS_LOOSE} f1-3",),
    "ordinal_date": (_ORDINAL,),
    "ordinal_date_time": _zoned(f"( {_ORDINAL} ) {_T_HM_S}"),
    "ordinal_date_time_no_millis": _zoned(f"( {_ORDINAL} ) T {_HMS_LOOSE}"),
    "time": _zoned(f"{_HMS_LOOSE} f1-9"),
    "time_no_millis": _zoned(_HMS_LOOSE),
    "t_time": _zoned(f"T {_HMS_LOOSE} f1-9"),
    "t_time_no_millis": _zoned(f"T {_HMS_LOOSE}"),
    "week_date": (_WEEK_DATE_LOOSE,),
    "week_date_time": _zoned(f"( {_WEEK_DATE_LOOSE} ) T {_HMS_LOOSE} f1-9"),
    "week_date_time_no_millis": _zoned(f"( {_WEEK_DATE_LOOSE} ) T {_HMS_LOOSE}"),
    "weekyear": ("V1-19n",),
    "weekyear_week": ("V1-19n -W w1-19n",),
    "weekyear_week_day": ("V1-19n -W w1-19n - E1-19n",),
    "year": ("Y1-19n",),
    "year_month": ("Y1-19n - M1-19n",),
    "year_month_day": ("Y1-19n - M1-19n - D1-19n",),
    "strict_date": ("Y4-10x - M2 - D2",),
    "strict_date_hour": ("Y4-19x - M2 - D2 T H2",),
    "strict_date_hour_minute": ("Y4-19x - M2 - D2 T H2 : m2",),
    "strict_hour": ("H2",),
    "strict_hour_minute": ("H2 : m2",),
    "strict_hour_minute_second": (_HMS,),
    "strict_hour_minute_second_fraction": (f"{_HMS} f1-9",),
    "strict_hour_minute_second_millis": (f"{_HMS} f1-9",),
    "strict_ordinal_date": (_ORDINAL_STRICT,),
    "strict_ordinal_date_time": _zoned(f"{_ORDINAL_STRICT} T H2 : m2 [ : s2 f1-9 ]"),
    "strict_ordinal_date_time_no_millis": _zoned(f"{_ORDINAL_STRICT} T {_HMS}"),
    "strict_time": _zoned(f"{_HMS} f1-9"),
    "strict_time_no_millis": _zoned(_HMS),
    "strict_t_time": _zoned(f"T {_HMS} f1-9"),
    "strict_t_time_no_millis": _zoned(f"T {_HMS}"),
    "strict_week_date": (_WEEK_DATE,),
    "strict_week_date_time": _zoned(f"( {_WEEK_DATE} T ) {_HMS} f1-9"),
    "strict_week_date_time_no_millis": _zoned(f"( {_WEEK_DATE} T ) {_HMS}"),
    "strict_weekyear": ("V4-10x",),
    "strict_weekyear_week": ("V4-10x -W w2",),
    "strict_weekyear_week_day": ("V4-10x -W w2 - E1-19n",),
    "strict_year_month_day": (_YMD,),
}
"""By name the layouts that are tried."""

_HMS_F3 = f"{_HMS} f3"
_BASIC_F3 = f"{_HMS_BASIC} f3"
_OPTIONAL_TIME = _PRINTED_OPTIONAL.format(fraction="f3")
_STRICT_ORDINAL_TIME = f"{_ORDINAL_STRICT} T H2 : m2 [ : s2 f3-9 ]"

PRINTED: Mapping[str, str] = {
    "iso8601": _OPTIONAL_TIME,
    "strict_date_optional_time": _OPTIONAL_TIME,
    "strict_date_optional_time_nanos": _PRINTED_OPTIONAL.format(fraction="f3-9"),
    "date_optional_time": _OPTIONAL_TIME,
    "date_time": _OPTIONAL_TIME,
    "strict_date_time": f"( {_YMD} ) T {_HMS} f3-9 O:",
    "strict_date_time_no_millis": f"( {_YMD} ) T {_HMS} O:",
    "strict_date_hour_minute_second": f"Y4-19x - M2 - D2 T {_HMS}",
    "strict_date_hour_minute_second_fraction": f"( {_YMD} ) T {_HMS_F3}",
    "strict_date_hour_minute_second_millis": f"( {_YMD} ) T {_HMS_F3}",
    "strict_year_month": "Y4x - M2",
    "strict_year": "Y4x",
    "basic_date": _BASIC_YMD_PRINTED,
    "basic_date_time": f"( {_BASIC_YMD_PRINTED} ) T {_BASIC_F3} O:",
    "basic_date_time_no_millis": f"( {_BASIC_YMD_PRINTED} ) T {_HMS_BASIC} O:",
    "basic_ordinal_date_time": f"y4-19x J3 T {_BASIC_F3} O:",
    "basic_ordinal_date_time_no_millis": f"Y4-19x J3 T {_HMS_BASIC} O:",
    "basic_time": f"{_BASIC_F3} O:",
    "basic_time_no_millis": f"{_HMS_BASIC} O:",
    "basic_t_time": f"T {_BASIC_F3} O:",
    "basic_t_time_no_millis": f"T {_HMS_BASIC} O:",
    "basic_week_date": _BASIC_WEEK_PRINTED,
    "basic_week_date_time": f"{_BASIC_WEEK_PRINTED} T {_BASIC_F3} O",
    "basic_week_date_time_no_millis": f"{_BASIC_WEEK_PRINTED} T {_HMS_BASIC} O",
    "strict_basic_week_date": _BASIC_WEEK_PRINTED,
    "strict_basic_week_date_time": f"{_BASIC_WEEK_PRINTED} T {_BASIC_F3} O",
    "strict_basic_week_date_time_no_millis": f"{_BASIC_WEEK_PRINTED} T {_HMS_BASIC} O:",
    "date": "Y4-10x - M2 - D2",
    "date_hour": "Y4-19x - M2 - D2 T H2",
    "date_hour_minute": "Y4-19x - M2 - D2 T H2 : m2",
    "date_hour_minute_second": f"Y4-19x - M2 - D2 T {_HMS}",
    "date_hour_minute_second_fraction": f"( {_YMD} ) T {_HMS_F3}",
    "date_hour_minute_second_millis": f"( {_YMD} ) T {_HMS_F3}",
    "date_time_no_millis": f"Y4-10x - M2 - D2 T {_HMS} Z",
    "hour": "H2",
    "hour_minute": "H2 : m2",
    "hour_minute_second": _HMS,
    "hour_minute_second_fraction": _HMS_F3,
    "hour_minute_second_millis": _HMS_F3,
    "strict_hour_minute_second_fraction": _HMS_F3,
    "strict_hour_minute_second_millis": _HMS_F3,
    "ordinal_date": "Y4-10x - J3",
    "ordinal_date_time": f"{_STRICT_ORDINAL_TIME} O:",
    "ordinal_date_time_no_millis": f"{_ORDINAL_STRICT} T {_HMS} O:",
    "strict_ordinal_date_time": f"{_STRICT_ORDINAL_TIME} O:",
    "strict_ordinal_date_time_no_millis": f"{_ORDINAL_STRICT} T {_HMS} O:",
    "time": f"{_HMS_F3} O:",
    "time_no_millis": f"{_HMS} O:",
    "t_time": f"T {_HMS_F3} O:",
    "t_time_no_millis": f"T {_HMS} O:",
    "strict_time": f"{_HMS_F3} O:",
    "strict_time_no_millis": f"{_HMS} O:",
    "strict_t_time": f"T {_HMS_F3} O:",
    "strict_t_time_no_millis": f"T {_HMS} O:",
    "week_date": _WEEK_DATE,
    "week_date_time": f"{_WEEK_DATE} T {_HMS_F3} O:",
    "week_date_time_no_millis": f"{_WEEK_DATE} T {_HMS} O:",
    "strict_week_date_time": f"{_WEEK_DATE} T {_HMS_F3} O:",
    "strict_week_date_time_no_millis": f"{_WEEK_DATE} T {_HMS} O:",
    "weekyear_week": "V4-10x -W w2",
    "weekyear_week_day": "V4-10x -W w2 - E1-19n",
    "year_month": "Y4-10x - M2",
    "year_month_day": _YMD,
}
"""By name the layout that prints, where it is not the one that reads."""

SMART = frozenset(
    {
        "basic_ordinal_date",
        "strict_date_hour",
        "strict_date_hour_minute",
        "strict_hour",
        "strict_hour_minute",
    }
)
"""Formats that forgive a 31st of February."""
LENIENT = frozenset({"strict_date"})
"""Formats for which the 31st of February is the 3rd of March."""
