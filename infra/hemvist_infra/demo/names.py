"""Names to put together. Who they seem to be about does not exist."""

from __future__ import annotations

from random import Random

_GIVEN_NAMES = """
Adam Agnes Ahmed Aisha Albin Alice Alma Amina Amir Anders Anna Annika Arvid Asta Astrid Axel
Birgitta Björn Bo Britta Camilla Carina Cecilia Daniel Dragan Ebba Elias Elin Elsa Emil Erik Eva
Fatima Felicia Filip Folke Frida Gabriel Greta Gustav Gunnar Hamid Hanna Hassan Hedvig Helena Hugo
Ibrahim Ida Ines Inger Isak Ivana Jakob Jasmin Johan Jonas Josefin Julia Kajsa Karim Karin Kerstin
Klara Lars Layla Leila Lena Leo Linnea Liv Lovisa Lucas Maja Malin Marcus Maria Martin Mehmet
Milan Mira Mohammed Moa Nadia Nils Noor Nora Olle Omar Oskar Per Petra Rasmus Rebecka Robin Roza
Rut Saga Samir Sara Selma Signe Simon Sofia Stefan Stina Sven Tage Tilda Tove Ulf Vera Viktor
Wilma Yasmin Yusuf Zara Åke Åsa Örjan
"""
_FAMILY_NAMES = """
Abrahamsson Alm Almgren Andersson Arvidsson Asplund Bergdahl Bergman Björk Blom Boström Brandt
Dahl Dahlberg Edlund Ek Eklöf Ekström Engdahl Falk Farah Forsberg Fransson Friberg Grahn Granlund
Gren Hagman Haddad Hallgren Hassan Hedman Hellström Holmberg Hosseini Håkansson Ibrahimovic
Isaksson Jansson Johnsson Jovanovic Karlsson Khalil Kjellberg Kowalski Kovac Lagerström Larsen
Lind Lindahl Lindgren Ljung Lundin Lövgren Mahmoud Malm Markovic Mattsson Melin Moberg Modin
Nguyen Norberg Nordin Norling Nyström Näslund Olofsson Omar Palm Persson Quist Rahimi Roos Rosén
Rydberg Salomonsson Sandberg Selin Sjödin Skog Sköld Stark Strand Ström Sundin Svärd Söderlund
Tahir Thelin Törnqvist Ulfsson Vallin Viberg Wahlström Westin Yilmaz Zetterlund Åkerlund Ågren
Öberg Öhman
"""
_GIVEN = tuple(_GIVEN_NAMES.split())
_FAMILY = tuple(_FAMILY_NAMES.split())


def given_name(dice: Random) -> str:
    """A given name."""
    return dice.choice(_GIVEN)


def family_name(dice: Random) -> str:
    """A family name; sometimes a double one."""
    if dice.random() < 0.05:
        return "-".join(dice.sample(_FAMILY, 2))
    return dice.choice(_FAMILY)
