"""The steps of the state machine, a module each, and its waits. A step reads the record, does what is due, answers
with a word; made twice it does nothing the second time."""
