"""The function of sam-app.yaml."""


def handler(event: object, context: object) -> str:
    return "hello"
