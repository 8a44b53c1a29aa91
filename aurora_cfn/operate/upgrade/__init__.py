"""Upgrades of clusters to another engine version: planned, in place, and by a blue/green deployment."""
