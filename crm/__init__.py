"""Exports of a CRM in, a validated book of business out."""
