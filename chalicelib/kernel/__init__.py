"""The shared language: ids, money, dates, Arabic text, refusals, events. Pure: no I/O, no clock."""
