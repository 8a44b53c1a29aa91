"""Certificates and VPN endpoints, as AWS answers for them."""

from __future__ import annotations

from aurora_cfn.aws.vpn import AcmCertificates, Ec2VpnEndpoints
from tests.aws.stubs import session, stubbed


def test_a_certificate_is_imported_and_imported_again_in_its_place() -> None:
    place = session()
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
    asked = {"Certificate": b"c", "PrivateKey": b"k", "CertificateChain": b"r"}
    with stubbed(place, "acm") as stub:
        stub.add_response("import_certificate", {"CertificateArn": arn}, asked)
        stub.add_response("import_certificate", {"CertificateArn": arn}, asked | {"CertificateArn": arn})
        store = AcmCertificates(place)
        assert store.import_certificate("c", "k", "r") == arn
        assert store.import_certificate("c", "k", "r", arn=arn) == arn


def test_an_endpoint_gives_its_configuration() -> None:
    place = session()
    with stubbed(place, "ec2") as stub:
        stub.add_response(
            "export_client_vpn_client_configuration",
            {"ClientConfiguration": "client\n"},
            {"ClientVpnEndpointId": "cvpn-endpoint-1"},
        )
        assert Ec2VpnEndpoints(place).client_configuration("cvpn-endpoint-1") == "client\n"
