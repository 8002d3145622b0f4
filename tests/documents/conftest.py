from tests.accounts.flushing import flushable  # noqa: F401
