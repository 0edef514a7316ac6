"""From a run to what people read: the Allure results, the verdict ledger, the sign-off page. The only room that knows behave."""
