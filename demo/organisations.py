"""Organisations that people of the demo come from: municipalities as they are, the rest in their
likeness.
"""

from demo.plan import Org


def _each(country: str, kind: str, pattern: str, names: str) -> list[Org]:
    return [Org(pattern % name.strip(), country, kind) for name in names.split(",")]


LATGALE = [
    *_each("LV", "municipality", "%s pilsētas pašvaldība", "Daugavpils, Rēzeknes"),
    *_each(
        "LV",
        "municipality",
        "%s novada pašvaldība",
        "Aglonas, Baltinavas, Balvu, Ciblas, Dagdas, Daugavpils, Ilūkstes, Kārsavas, Krāslavas, Līvānu, Ludzas, "
        "Preiļu, Rēzeknes, Riebiņu, Rugāju, Vārkavas, Viļakas, Viļānu, Zilupes",
    ),
]
"""The 21 municipalities of Latgale as they were until 2021."""
LAKES = [
    *_each(
        "LT",
        "municipality",
        "%s rajono savivaldybė",
        "Anykščių, Biržų, Ignalinos, Molėtų, Rokiškio, Utenos, Zarasų",
    ),
    Org("Visagino savivaldybė", "LT", "municipality"),
]
"""Eight municipalities of the Lithuanian lake district."""
LATGALE_REGION = Org("Latgales plānošanas reģions", "LV", "planning_region")
EUROREGION = Org("Euroregiono „Ežerų kraštas“ direktorato biuras", "LT", "association")

CIVIC = [
    *_each("LT", "municipality", "%s miesto savivaldybė", "Kauno, Klaipėdos"),
    *_each(
        "LT",
        "municipality",
        "%s rajono savivaldybė",
        "Tauragės, Jurbarko, Šilalės, Zarasų, Ignalinos, Biržų, Kauno",
    ),
    Org("Pagėgių savivaldybė", "LT", "municipality"),
]
CIVIC_NGOS = _each(
    "LT", "ngo", "%s bendruomenių asociacija",
    "Kauno, Klaipėdos, Tauragės, Jurbarko, Šilalės, Zarasų, Ignalinos, Biržų, Garliavos, Pagėgių",
)  # fmt: skip

_TOWNS = "Vilniaus, Kauno, Klaipėdos, Šiaulių, Panevėžio, Alytaus, Marijampolės, Utenos"
LITHUANIAN = [
    org
    for four in zip(
        _each("LT", "municipality", "%s miesto savivaldybė", _TOWNS),
        _each("LT", "health", "%s visuomenės sveikatos biuras", _TOWNS),
        _each("LT", "social", "%s socialinių paslaugų centras", _TOWNS),
        _each("LT", "education", "%s švietimo centras", _TOWNS),
        strict=True,
    )
    for org in four
]
COLLEGE = Org("Lietuvos demokratijos kolegija", "LT", "education")

LATVIAN = [
    *_each(
        "LV",
        "municipality",
        "%s pilsētas pašvaldība",
        "Rīgas, Jelgavas, Liepājas, Ventspils, Jūrmalas",
    ),
    *_each(
        "LV",
        "municipality",
        "%s novada pašvaldība",
        "Valmieras, Cēsu, Siguldas, Tukuma, Ogres, Bauskas, Saldus, Madonas",
    ),
]
LATVIAN_ASSOCIATION = Org("Latvijas Pašvaldību savienība", "LV", "association")
NORWEGIAN = [
    *_each(
        "NO",
        "municipality",
        "%s kommune",
        "Trondheim, Steinkjer, Bodø, Bergen, Ullensvang, Voss, Asker, Levanger",
    ),
    Org("Trøndelag fylkeskommune", "NO", "planning_region"),
    Org("Vestland fylkeskommune", "NO", "planning_region"),
]
