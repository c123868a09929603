"""Looking people up in the population register (folkbokföringen): how they are protected, no more."""

from hemvist.registers.answers import Answer, NoAnswer, Register
from hemvist.registers.asking import due, take_in
from hemvist.registers.files import FileRegister
from hemvist.registers.remote import RemoteRegister

__all__ = ["Answer", "FileRegister", "NoAnswer", "Register", "RemoteRegister", "due", "take_in"]
