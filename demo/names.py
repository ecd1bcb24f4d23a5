"""Names as people in Lithuania, Latvia and Norway bear them, surnames by gender; put together they
are nobody's.
"""


def _words(listed: str) -> list[str]:
    return listed.split()


GIVEN: dict[str, dict[str, list[str]]] = {
    "LT": {
        "female": _words(
            "Rasa Jurgita Daiva Vilma Aušra Živilė Eglė Ieva Rūta Dovilė Ingrida Asta Lina Gintarė Jolanta "
            "Šarūnė Birutė Nijolė Kristina Audronė Indrė Vaida Rimantė Viktorija Žaneta"
        ),
        "male": _words(
            "Jonas Vytautas Mindaugas Darius Tomas Andrius Saulius Rimantas Gediminas Algirdas Žilvinas Šarūnas "
            "Ričardas Paulius Kęstutis Arūnas Linas Giedrius Artūras Valdas Vaidotas Ąžuolas"
        ),
    },
    "LV": {
        "female": _words(
            "Ilze Inese Kristīne Līga Anna Dace Inga Zane Aija Sandra Evita Ieva Māra Agnese Baiba Gunta Anda "
            "Elīna Ināra Lāsma Rūta Signe Žanete Vineta Ģertrūde"
        ),
        "male": _words(
            "Jānis Andris Juris Edgars Mārtiņš Aigars Guntars Kārlis Pēteris Raivis Ainārs Ģirts Valdis Uldis "
            "Normunds Kaspars Artūrs Ēriks Māris Zigmārs Ādolfs Oļegs"
        ),
    },
    "NO": {
        "female": _words(
            "Kari Ingrid Solveig Marit Astrid Liv Bjørg Åse Hilde Silje Tone Gro Ragnhild Turid Sigrid Anne "
            "Randi Gunn Målfrid"
        ),
        "male": _words(
            "Ola Lars Bjørn Knut Sindre Øyvind Håkon Terje Geir Svein Åge Tor Odd Magnus Eirik Sverre Jørgen Øystein"
        ),
    },
}

_LITHUANIAN = """
Kazlauskas Kazlauskienė Kazlauskaitė, Petrauskas Petrauskienė Petrauskaitė, Jankauskas Jankauskienė Jankauskaitė,
Stankevičius Stankevičienė Stankevičiūtė, Žukauskas Žukauskienė Žukauskaitė, Butkus Butkienė Butkutė,
Paulauskas Paulauskienė Paulauskaitė, Urbonas Urbonienė Urbonaitė, Kavaliauskas Kavaliauskienė Kavaliauskaitė,
Navickas Navickienė Navickaitė, Ramanauskas Ramanauskienė Ramanauskaitė, Balčiūnas Balčiūnienė Balčiūnaitė,
Pocius Pocienė Pociūtė, Šimkus Šimkienė Šimkutė, Mažeika Mažeikienė Mažeikaitė, Gečas Gečienė Gečaitė,
Rimkus Rimkienė Rimkutė, Vaitkus Vaitkienė Vaitkutė, Žilinskas Žilinskienė Žilinskaitė,
Bieliauskas Bieliauskienė Bieliauskaitė, Čepaitis Čepaitienė Čepaitytė, Adomaitis Adomaitienė Adomaitytė,
Kairys Kairienė Kairytė, Norkus Norkienė Norkutė, Šulcas Šulcienė Šulcaitė, Jonaitis Jonaitienė Jonaitytė,
Baranauskas Baranauskienė Baranauskaitė
"""
"""A man's surname, his wife's, his daughter's."""

_LATVIAN = """
Bērziņš Bērziņa, Kalniņš Kalniņa, Ozoliņš Ozoliņa, Jansons Jansone, Liepiņš Liepiņa, Krūmiņš Krūmiņa, Balodis Balode,
Eglītis Eglīte, Zariņš Zariņa, Pētersons Pētersone, Vītols Vītola, Kļaviņš Kļaviņa, Āboliņš Āboliņa, Vanags Vanaga,
Šmits Šmite, Siliņš Siliņa, Rozītis Rozīte, Lācis Lāce, Kārkliņš Kārkliņa, Freimanis Freimane, Ziediņš Ziediņa,
Grīnbergs Grīnberga, Dzenis Dzene, Vilks Vilka, Upītis Upīte, Lapiņš Lapiņa, Skujiņš Skujiņa, Spriņģis Spriņģe,
Ķirsis Ķirse, Cīrulis Cīrule, Strazdiņš Strazdiņa, Celmiņš Celmiņa, Mednis Medne, Zvirbulis Zvirbule, Puriņš Puriņa
"""

_NORWEGIAN = _words(
    "Hansen Johansen Ødegård Bakke Haugen Solberg Lund Berg Sæther Bjørnstad Aasen Myhre Nygård Strøm Hagen "
    "Eide Sørlie Fjeld Åsland Tveit Moen Viken Brekke Høiland Nesheim Rønning Sandvik Løken Gjøvik"
)


def _forms(listed: str) -> list[list[str]]:
    return [one.split() for one in listed.replace("\n", " ").split(",")]


SURNAMES: dict[str, dict[str, list[str]]] = {
    "LT": {
        "male": [forms[0] for forms in _forms(_LITHUANIAN)],
        "female": [form for forms in _forms(_LITHUANIAN) for form in forms[1:]],
    },
    "LV": {
        "male": [forms[0] for forms in _forms(_LATVIAN)],
        "female": [forms[1] for forms in _forms(_LATVIAN)],
    },
    "NO": {"male": _NORWEGIAN, "female": _NORWEGIAN},
}


def invented(country: str, gender: str, number: int) -> str:
    """The name of the person with this number: another given name and surname for each, then with
    two given names.
    """
    given, surnames = GIVEN[country][gender], SURNAMES[country][gender]
    rest, first = divmod(number, len(given))
    middle, last = divmod(rest, len(surnames))
    # a step without a common divisor with any of the lists' lengths: each surname once before one
    # comes again
    surname = surnames[(last * 11 + first * 7) % len(surnames)]
    others = [given[(first + 1 + middle % (len(given) - 1)) % len(given)]] if middle else []
    return " ".join([given[first], *others, surname])
