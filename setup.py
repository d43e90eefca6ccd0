"""Finds the packages: a new folder in `backend/app` is installed like the others."""

from setuptools import find_packages, setup

setup(packages=["understudy", *(f"understudy.{name}" for name in find_packages("backend/app"))])
