"""Every router of the program, in the order in which addresses are tried."""

from fastapi import APIRouter

from viesis import machines

ROUTERS: list[APIRouter] = [machines.router]
