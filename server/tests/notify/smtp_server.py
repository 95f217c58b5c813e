"""A real SMTP server for the tests: aiosmtpd on loopback.

Takes one JSON object as argument: port (0: any), security (starttls, tls, none), certificate and key (files), user and password (empty:
no login), busy (how many mails are refused with 451 first), refuse (recipients that do not exist). Prints its port, then each accepted
mail as a line of JSON.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = json.loads(sys.argv[1])


class Handler:
    busy = options.get("busy", 0)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in options.get("refuse", []):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.busy > 0:
            self.busy -= 1
            return "451 4.3.2 come back later"
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode("utf-8"),
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "login": bool(session.authenticated),
        }
        print(json.dumps(mail), flush=True)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (options["user"], options["password"])
    # Not handled: the server itself answers 535.
    return AuthResult(success=good, handled=False)


async def main():
    context = None
    if options["security"] != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options["certificate"], options["key"])
    starttls = options["security"] == "starttls"
    login = bool(options.get("user"))

    def connection():
        return SMTP(
            handler,
            hostname="mail.example",
            enable_SMTPUTF8=True,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=authenticate if login else None,
            auth_required=login,
            auth_require_tls=starttls,
        )

    server = await asyncio.get_running_loop().create_server(
        connection, "127.0.0.1", options["port"], ssl=context if options["security"] == "tls" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


handler = Handler()
asyncio.run(main())
