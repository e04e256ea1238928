"""What an operator and an auditor hold a production against, in the template as CloudFormation gets it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from shared.edge.queue import wait_seconds
from tools.bench.cost import PRICES
from tools.contract.deployed import deployed, resources, transformed
from tools.contract.dialects import is_keyless
from tools.contract.rights import role_of, roles
from tools.contract.routes import endpoints, events, functions
from tools.local.deploy import ROOT, packaged_template

API: Final[dict[str, Any]] = resources("AWS::ApiGateway::RestApi")["Api"]["Properties"]
(STAGE,) = resources("AWS::ApiGateway::Stage").values()
DISTRIBUTIONS: Final = resources("AWS::CloudFront::Distribution")
PAGES: Final[dict[str, Any]] = DISTRIBUTIONS["PagesDistribution"]["Properties"]["DistributionConfig"]
WEB_ACL: Final[dict[str, Any]] = resources("AWS::WAFv2::WebACL")["WebAcl"]
FUNCTIONS: Final = dict(functions())
SOURCES: Final = [path for folder in ("shared", "functions") for path in (ROOT / folder).rglob("*.py")]
REFUSALS = "x-amazon-apigateway-gateway-responses"


def _text(path: Path) -> str:
    return path.read_text()


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def chosen(condition: str, then: object, other: object) -> dict[str, list[object]]:
    return {"Fn::If": [condition, then, other]}


# ---- the API ----


def test_the_api_has_one_stage_and_its_deployment_makes_none() -> None:
    (deployment,) = resources("AWS::ApiGateway::Deployment").values()

    assert STAGE["Properties"]["StageName"] == "paymentgw"
    assert "StageName" not in deployment["Properties"]


def test_what_the_gateway_itself_refuses_carries_envelope_and_cors_inside_the_apis_own_body() -> None:
    refusals = API["Body"][REFUSALS]

    assert set(refusals) == {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"}
    assert refusals["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    for refusal in refusals.values():
        text = refusal["responseTemplates"]["application/json"]
        assert all(f'"{name}":' in text for name in ("success", "error", "message", "code", "requestId"))
        assert refusal["responseParameters"] == {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    assert not resources("AWS::ApiGateway::GatewayResponse")


def test_an_access_log_line_is_json_and_names_the_route_and_neither_path_nor_query_nor_key() -> None:
    setting = STAGE["Properties"]["AccessLogSetting"]
    line = json.loads(setting["Format"])

    assert setting["DestinationArn"] == {"Fn::GetAtt": ["AccessLog", "Arn"]}
    assert {"requestId", "address", "method", "route", "status", "latencyMs"} <= set(line)
    told = set(line.values())
    # A path may hold the token of a way back, a query may hold a signature, a header a key.
    for secret in ("path", "querystring", "header", "requestOverride", "apiKey", "userAgent"):
        assert not [value for value in told if secret.lower() in value.removeprefix("$context.").lower().split(".")]
    assert "$context.resourcePath" in told
    assert resources("AWS::Logs::LogGroup")["AccessLog"]["Properties"]["RetentionInDays"] == ref("LogRetentionDays")


def test_the_stage_waits_until_api_gateway_may_write_logs() -> None:
    assert STAGE["Properties"]["Variables"]["accessLogsBy"] == chosen(
        "SetsApiLogRole", ref("ApiAccount"), "elsewhere"
    )


def throttled() -> dict[tuple[str, str], Any]:
    settings = [
        setting["Fn::If"][1] if "Fn::If" in setting else setting for setting in STAGE["Properties"]["MethodSettings"]
    ]
    assert all(not setting.get("DataTraceEnabled") for setting in settings)  # it would write bodies
    return {(each["HttpMethod"], each["ResourcePath"]): each["ThrottlingRateLimit"] for each in settings}


def test_whatever_needs_no_key_is_throttled_by_its_own_method() -> None:
    open_to_all = {
        (route.method, "/" + route.path.replace("/", "~1"))
        for route in events()
        if is_keyless(endpoints()[route.module])
    }
    limits = throttled()

    assert limits.pop(("*", "/*")) == ref("ApiRequestsPerSecond")
    assert set(limits) == open_to_all
    assert all(limit == ref("OpenRequestsPerSecond") for limit in limits.values())


def test_the_stage_takes_a_hundred_payments_a_second() -> None:
    assert (
        deployed()["Parameters"]["ApiRequestsPerSecond"]["Default"] >= 100 * 6
    )  # requests a payment: docs/scaling.md


def test_what_the_documents_say_of_limits_is_what_the_template_has() -> None:
    scaling, checklist = (_text(ROOT / "docs" / name) for name in ("scaling.md", "runbooks/first-deploy.md"))
    parameters = deployed()["Parameters"]
    kept = [name for name, each in FUNCTIONS.items() if "ReservedConcurrentExecutions" in each]

    for limit in ("ApiRequestsPerSecond", "OpenRequestsPerSecond"):
        assert f"`{limit}`: {parameters[limit]['Default']:,} |" in scaling
    assert len(kept) == 11
    assert "(eleven functions keep 20 each" in checklist
    assert len(WEB_ACL["Properties"]["Rules"]) == 7
    assert "seven names, `FloodsByAddress` first" in checklist
    assert f"{len(RELEASED)} more than before" in checklist
    assert f"| `{parameters['ApiRequestsPerSecond']['Default']}.0` |" in checklist


def test_with_a_domain_the_api_speaks_tls_12_there_and_nowhere_else() -> None:
    (host,) = resources("AWS::ApiGateway::DomainName").values()
    (path,) = resources("AWS::ApiGateway::BasePathMapping").values()

    assert (host["Condition"], path["Condition"]) == ("HasApiDomain", "HasApiDomain")
    assert host["Properties"]["SecurityPolicy"] == "TLS_1_2"
    assert (path["Properties"]["BasePath"], path["Properties"]["DomainName"]) == ("paymentgw", ref("ApiHost"))
    assert API["Body"]["x-amazon-apigateway-endpoint-configuration"] == {
        "disableExecuteApiEndpoint": chosen("HasApiDomain", True, False)
    }


def test_the_pages_reach_the_api_at_its_own_domain_once_it_has_one() -> None:
    (api,) = [origin for origin in PAGES["Origins"] if origin["Id"] == "api"]

    condition, own, direct = api["DomainName"]["Fn::If"]
    assert (condition, own) == ("HasApiDomain", ref("ApiDomain"))
    assert "execute-api" in direct["Fn::Sub"]
    assert "OriginPath" not in api  # /paymentgw is the base path there and the stage here
    assert api["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}


def test_with_a_domain_the_pages_speak_tls_12_under_it() -> None:
    condition, own, _ = PAGES["ViewerCertificate"]["Fn::If"]

    assert condition == "HasPagesDomain"
    assert own["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert PAGES["Aliases"]["Fn::If"][:2] == ["HasPagesDomain", [ref("PagesDomain")]]
    assert PAGES["WebACLId"]["Fn::If"][:2] == ["HasPagesWebAcl", ref("PagesWebAclArn")]


def test_the_distribution_has_no_error_page_that_would_take_the_place_of_the_apis_answers() -> None:
    assert "CustomErrorResponses" not in PAGES
    for behaviour in (PAGES["DefaultCacheBehavior"], *PAGES["CacheBehaviors"]):
        events = {each["EventType"] for each in behaviour["FunctionAssociations"]}
        wanted = {"viewer-request"} if behaviour["TargetOriginId"] == "api" else {"viewer-request", "viewer-response"}
        assert events == wanted


def test_a_file_that_is_not_there_is_asked_of_the_missing_page_and_the_apis_refusals_are_left_alone() -> None:
    (group,) = PAGES["OriginGroups"]["Items"]
    missing = DISTRIBUTIONS["MissingPage"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]
    behaviours = [PAGES["DefaultCacheBehavior"], *PAGES["CacheBehaviors"]]
    where = {each.get("PathPattern", "*"): each["TargetOriginId"] for each in behaviours}

    assert [each["OriginId"] for each in group["Members"]["Items"]] == ["pages", "missing"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 404]
    files = dict.fromkeys(("*", "/pay/*", "/pay/shift4/*", "/dashboard/*"), group["Id"])
    assert where == {**files, "/paymentgw/*": "api"}
    (at,) = [origin["DomainName"] for origin in PAGES["Origins"] if origin["Id"] == "missing"]
    assert at == {"Fn::GetAtt": ["MissingPage", "DomainName"]}
    always = {"Fn::GetAtt": ["AlwaysMissing", "FunctionARN"]}
    assert [each["FunctionARN"] for each in missing["FunctionAssociations"]] == [always, always]


# ---- the firewall ----


def rule(name: str) -> dict[str, Any]:
    (found,) = [each for each in WEB_ACL["Properties"]["Rules"] if each["Name"] == name]
    return dict(found)


def test_the_firewall_is_made_when_asked_for_and_another_one_may_take_its_place() -> None:
    (association,) = resources("AWS::WAFv2::WebACLAssociation").values()

    assert (WEB_ACL["Condition"], association["Condition"]) == ("HasWebAclHere", "HasWebAcl")
    assert association["Properties"]["WebACLArn"]["Fn::If"][:2] == ["HasWebAclElsewhere", ref("WebAclArn")]


def test_the_firewall_keeps_no_samples_of_requests_which_show_keys() -> None:
    said = re.findall(r'"SampledRequestsEnabled": (\w+)', json.dumps(WEB_ACL))

    assert len(said) == 1 + len(WEB_ACL["Properties"]["Rules"])
    assert set(said) == {"false"}


def test_floods_are_counted_by_address_by_the_visitor_behind_the_pages_and_by_key() -> None:
    address, visitor, key = (
        rule(name)["Statement"]["RateBasedStatement"]
        for name in ("FloodsByAddress", "FloodsByVisitor", "FloodsByKey")
    )

    # The distribution's own addresses are no visitor's, and only it knows what it says.
    assert address["ScopeDownStatement"]["NotStatement"]["Statement"] == visitor["ScopeDownStatement"]
    (api,) = [origin for origin in PAGES["Origins"] if origin["Id"] == "api"]
    (header,) = api["OriginCustomHeaders"]
    match = visitor["ScopeDownStatement"]["ByteMatchStatement"]
    assert match["FieldToMatch"] == {"SingleHeader": {"Name": header["HeaderName"].lower()}}
    assert match["SearchString"] == header["HeaderValue"]
    assert (address["AggregateKeyType"], address["Limit"]) == ("IP", ref("RequestsPerAddress"))
    assert [each["Header"]["Name"] for each in visitor["CustomKeys"] + key["CustomKeys"]] == [
        "x-visitor",
        "authorization",
    ]


def test_a_missing_user_agent_and_a_large_body_are_refused_everywhere_but_where_paygols_sdk_calls() -> None:
    common = rule("Common")["Statement"]["ManagedRuleGroupStatement"]
    refused = rule("CommonButForPaygol")
    elsewhere, labelled = refused["Statement"]["AndStatement"]["Statements"]

    assert {each["Name"]: each["ActionToUse"] for each in common["RuleActionOverrides"]} == {
        "NoUserAgent_HEADER": {"Count": {}},
        "SizeRestrictions_BODY": {"Count": {}},
    }
    assert rule("Common")["Priority"] < refused["Priority"]
    assert elsewhere["NotStatement"]["Statement"]["ByteMatchStatement"]["SearchString"] == "/paymentgw/api/v2/"
    assert {
        each["LabelMatchStatement"]["Key"].rpartition(":")[2] for each in labelled["OrStatement"]["Statements"]
    } == {
        "NoUserAgent_Header",
        "SizeRestrictions_Body",
    }


# ---- what is there only when asked for ----


@pytest.mark.parametrize("kind", ["AWS::Lambda::Function", "AWS::Lambda::Permission"])
def test_the_sandboxs_functions_and_routes_are_there_only_with_the_sandbox(kind: str) -> None:
    sandboxed = {name for name, each in resources(kind).items() if each.get("Condition") == "HasSandbox"}

    assert sandboxed == {name for name in resources(kind) if name.startswith("Sandbox")}
    assert len(sandboxed) >= 11


def test_every_path_of_the_sandbox_goes_with_it() -> None:
    paths = {path: methods for path, methods in API["Body"]["paths"].items() if "sandbox" in path}

    assert len(paths) >= 9
    for methods in paths.values():
        assert "HasSandbox" in json.dumps(methods)


# ---- one part's trouble is no other's ----


def test_the_flows_steps_and_the_sweep_keep_their_concurrency_when_it_is_asked_for() -> None:
    kept = {
        name: each["Properties"]["ReservedConcurrentExecutions"]
        for name, each in resources("AWS::Lambda::Function").items()
        if "ReservedConcurrentExecutions" in each["Properties"]
    }
    steps = {name for name, each in FUNCTIONS.items() if each["Handler"].startswith("payment_flow.")}

    assert set(kept) == steps | {"HousekeepingSweep"}
    assert list(kept.values()) == [chosen("KeepsConcurrency", ref("FlowConcurrency"), ref("AWS::NoValue"))] * len(
        kept
    )
    assert deployed()["Parameters"]["FlowConcurrency"]["Default"] == 0  # a new account has ten altogether


def test_whatever_runs_by_itself_says_where_its_failures_go() -> None:
    failures = {"Fn::GetAtt": ["ScheduleFailures", "Arn"]}
    targets = [target for rule in resources("AWS::Events::Rule").values() for target in rule["Properties"]["Targets"]]

    assert len(targets) >= 6
    for target in targets:
        assert target["DeadLetterConfig"] == {"Arn": failures}
        # Its next run does what this one did not: late ones are of no use.
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 900
        function = resources("AWS::Lambda::Function")[target["Arn"]["Fn::GetAtt"][0]]
        assert function["Properties"]["DeadLetterConfig"] == {"TargetArn": failures}
    (policy,) = resources("AWS::SQS::QueuePolicy").values()
    assert policy["Properties"]["Queues"] == [ref("ScheduleFailures")]


def test_each_reader_of_the_events_stream_has_a_failure_queue_of_its_own() -> None:
    streams = {
        name: each["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        for name, each in resources("AWS::Lambda::EventSourceMapping").items()
        if "StartingPosition" in each["Properties"]
    }

    assert streams == {"WebhookFanOutStream": "FanOutFailures", "PaymentReceiptStream": "ReceiptFailures"}


def test_what_customers_could_not_be_told_is_tried_for_hours_apart_from_the_stream() -> None:
    queue = resources("AWS::SQS::Queue")["ReceiptsQueue"]["Properties"]
    again = resources("AWS::Lambda::EventSourceMapping")["PaymentReceiptSetAside"]["Properties"]

    tries = queue["RedrivePolicy"]["maxReceiveCount"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["ReceiptFailures", "Arn"]}
    assert sum(map(wait_seconds, range(1, tries))) > 6 * 3600  # a mail service's bad morning
    assert (again["BatchSize"], again["FunctionResponseTypes"]) == (1, ["ReportBatchItemFailures"])
    assert (
        queue["VisibilityTimeout"]
        >= 6 * resources("AWS::Lambda::Function")["PaymentReceipt"]["Properties"]["Timeout"]
    )


# ---- what is kept, and by which key ----


def test_logs_and_the_dispute_secret_are_under_a_key_of_the_companys_own() -> None:
    key = {"Fn::GetAtt": ["DataKey", "Arn"]}
    (secret,) = resources("AWS::SecretsManager::Secret").values()

    assert secret["Properties"]["KmsKeyId"] == key
    for group in resources("AWS::Logs::LogGroup").values():
        assert group["Properties"]["KmsKeyId"] == key


def test_the_key_is_used_through_the_services_that_keep_the_data_and_from_this_account_alone() -> None:
    statements = resources("AWS::KMS::Key")["DataKey"]["Properties"]["KeyPolicy"]["Statement"]
    (everybody,) = [each for each in statements if each["Principal"] == {"AWS": "*"}]

    limits = everybody["Condition"]["StringEquals"]
    assert limits["kms:CallerAccount"] == ref("AWS::AccountId")
    assert [each["Fn::Sub"].partition(".")[0] for each in limits["kms:ViaService"]] == ["dynamodb", "secretsmanager"]
    assert "kms:*" not in everybody["Action"]


def test_no_bucket_is_spoken_to_without_tls() -> None:
    denied = {
        policy["Properties"]["Bucket"]["Ref"]
        for policy in resources("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert denied == set(resources("AWS::S3::Bucket"))


def test_every_bucket_has_versions_and_every_other_one_logs_who_reads_it() -> None:
    for name, bucket in resources("AWS::S3::Bucket").items():
        assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
        logged = bucket["Properties"].get("LoggingConfiguration", {}).get("DestinationBucketName")
        assert logged == (None if name == "BucketLogs" else ref("BucketLogs"))


def test_no_environment_variable_holds_a_secret() -> None:
    for name, function in resources("AWS::Lambda::Function").items():
        for variable, value in function["Properties"]["Environment"]["Variables"].items():
            assert isinstance(value, dict) or variable.startswith(("POWERTOOLS_", "WHAT_")), (name, variable)
            assert "resolve:" not in str(value), (name, variable)
            assert not variable.endswith(("_SECRET", "_KEY", "_TOKEN", "_PASSWORD")), (name, variable)


# ---- releases ----

MOVE_MONEY: Final = ("PaymentInit", "PaymentCancel", "PaymentRefund", "TokenPaymentPay")
RELEASED: Final = {
    *MOVE_MONEY,
    *(name for name, each in FUNCTIONS.items() if each["Handler"].startswith("payment_flow.")),
}
ROLLED_BACK_BY: Final = {"FlowFailed", "MoneyPathFailed"}


def test_each_function_of_the_money_path_has_a_version_behind_an_alias_that_alarms_roll_back() -> None:
    versions = {each["Properties"]["FunctionName"]["Ref"] for each in resources("AWS::Lambda::Version").values()}
    aliases = resources("AWS::Lambda::Alias")

    assert versions == RELEASED
    assert {each["Properties"]["FunctionName"]["Ref"] for each in aliases.values()} == RELEASED
    for alias in aliases.values():
        group = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]
        properties = resources("AWS::CodeDeploy::DeploymentGroup")[group]["Properties"]
        assert {each["Name"]["Ref"] for each in properties["AlarmConfiguration"]["Alarms"]} == ROLLED_BACK_BY | {
            "Api5xx"
        }
        assert "DEPLOYMENT_STOP_ON_ALARM" in properties["AutoRollbackConfiguration"]["Events"]
        assert "Linear10PercentEvery1Minute" in str(properties["DeploymentConfigName"])


# What may call a gateway and still takes over at once (docs/adr/0028-what-takes-over-by-tenths.md).
AT_ONCE: Final = {
    "begins or asks about what is paid on a page; what moves money afterwards is a step or a look of housekeeping": (
        "PaymentVoucherCheck PaymentLinkOpen PaymentLinkGet PaymentLinkCancel PaymentLinkVerify PaygolPaymentCreate "
        "PaygolPaymentWebcheckout PaygolPay PaygolCheckoutMethod PaygolCheckoutStart PaygolCheckoutCancel "
        "CheckoutCard CheckoutReturned CheckoutAgree CheckoutAsk WebhookPsp "
        "GlomopayPayinGet GlomopayPayinUpdate GlomopayPayinCancel"
    ),
    "moves money by the use cases that those by tenths call, from the same layer; Api5xx counts it": (
        "GlomopayPaymentCreate GlomopayPaymentCancel GlomopayAuthenticationSubmit GlomopayAuthenticationCancel "
        "GlomopayRefundCreate"
    ),
    "keeps cards, and moves no money": "TokenPaymentSaveCard TokenPaymentSetDefault TokenPaymentDelete",
    "is called once a minute or by a person": (
        "HousekeepingSweep HousekeepingSettle HousekeepingLinks HousekeepingCards HousekeepingDisputes"
    ),
    "the sandbox's own customers": (
        "SandboxCardPageSubmit SandboxCardPageChallenge SandboxCardPageAsk SandboxCardPageCancel SandboxMethodAct"
    ),
}


def test_whatever_may_call_a_gateway_takes_over_by_tenths_or_has_a_reason_not_to() -> None:
    calling = {
        name
        for name, each in FUNCTIONS.items()
        if any(resource == "connectors" for _, resource in roles()[role_of(each)])
    }
    excused = [name for names in AT_ONCE.values() for name in names.split()]

    assert len(excused) == len(set(excused))
    assert calling - RELEASED == set(excused)


def test_the_sweep_which_takes_over_at_once_is_among_what_the_alarm_of_the_money_path_counts() -> None:
    alarm = str(resources("AWS::CloudWatch::Alarm")["MoneyPathFailed"]["Properties"]["Metrics"])

    counted = set(re.findall(r"'Ref': '(\w+)'", alarm))
    assert {"HousekeepingSweep", "CaptureCard", "VoidCard", "PaymentRefund", "TokenPaymentPay"} <= counted
    assert len(counted) <= 10  # as many as one alarm may add up


def test_the_flow_calls_aliases_and_is_itself_started_by_one() -> None:
    flow = resources("AWS::StepFunctions::StateMachine")["PaymentFlow"]["Properties"]["DefinitionSubstitutions"]
    (alias,) = resources("AWS::StepFunctions::StateMachineAlias").values()
    preference = alias["Properties"]["DeploymentPreference"]
    (version,) = resources("AWS::StepFunctions::StateMachineVersion")

    assert {value["Ref"] for name, value in flow.items() if name != "CheckoutBackstopSeconds"} == {
        f"{name}Aliaslive" for name in RELEASED - set(MOVE_MONEY)
    }
    assert preference["StateMachineVersionArn"] == ref(version)
    assert preference["Type"] == "LINEAR"
    assert {each["Ref"] for each in preference["Alarms"]} == ROLLED_BACK_BY
    for function in resources("AWS::Lambda::Function").values():
        condition, own, plain = function["Properties"]["Environment"]["Variables"]["PAYMENT_FLOW_ARN"]["Fn::If"]
        assert (condition, own) == ("IsGradual", {"Fn::Sub": f"{plain['Fn::Sub']}:{alias['Properties']['Name']}"})


def test_new_code_in_a_layer_is_a_new_version_of_each_function_of_the_money_path() -> None:
    newer = packaged_template()
    newer["Resources"]["SharedLayer"]["Properties"]["ContentUri"] = "s3://gateway-artifacts/another.zip"

    after = {name for name, each in transformed(newer)["Resources"].items() if each["Type"] == "AWS::Lambda::Version"}

    assert len(after) == len(RELEASED)
    assert not after & set(resources("AWS::Lambda::Version"))


@pytest.mark.parametrize("name", sorted(ROLLED_BACK_BY | {"Api5xx"}))
def test_what_rolls_back_a_version_waits_for_none(name: str) -> None:
    """An alarm that refers to an alias or to the flow, which wait for it, could never be made."""
    named = set(re.findall(r"'Ref': '(\w+)'", str(resources("AWS::CloudWatch::Alarm")[name])))

    assert not named & ({"PaymentFlow", "Api"} | set(resources("AWS::Lambda::Alias")))


# ---- what is seen ----


def test_the_flow_logs_what_failed_and_none_of_its_data() -> None:
    logging = resources("AWS::StepFunctions::StateMachine")["PaymentFlow"]["Properties"]["LoggingConfiguration"]

    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    assert "FlowLog" in str(logging["Destinations"])


def widgets() -> list[dict[str, Any]]:
    body = resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    return [widget["properties"] for widget in json.loads(body)["widgets"]]


SHOWN: Final = {
    "PaymentsEnded": "payments by outcome",
    "TimeToCapture": "time to capture",
    "OperationLatency": "gateways",
    "WebhookMessages": "webhooks",
    "DeliveriesPutOff": "webhooks that fail",
    "IteratorAge": "webhooks' age",
    "ExecutionsFailed": "the flow",
    "ApproximateAgeOfOldestMessage": "queues",
    "Throttles": "Lambda's refusals",
    "WriteThrottleEvents": "DynamoDB's refusals",
    "PaymentsNeedAttention": "what needs a person",
}


@pytest.mark.parametrize("metric", SHOWN)
def test_the_dashboard_shows_it(metric: str) -> None:
    assert metric in json.dumps(widgets())


def test_the_dashboard_reckons_what_a_thousand_payments_cost_with_the_prices_of_make_cost() -> None:
    (cost,) = [widget for widget in widgets() if "Cost" in widget["title"]]
    (formula,) = [str(row[0]["expression"]) for row in cost["metrics"] if row[0] and "1000 *" in str(row[0])]

    for price in (PRICES["DynamoDB writes"], PRICES["DynamoDB reads"], PRICES["Lambda GB-seconds"]):
        assert f"{price:.10f}".rstrip("0") in formula
    for price in (PRICES["Lambda requests"], PRICES["API Gateway"], PRICES["Step Functions"]):
        assert f"{price:.10f}".rstrip("0") in formula


def test_our_own_metrics_that_are_shown_are_told_by_the_code() -> None:
    sources = "".join(map(_text, SOURCES))
    named = re.findall(r'\["PaymentGateway", "(\w+)"', json.dumps(widgets()))
    ours = {*named, "PaymentsEnded", "TimeToCapture", "OperationLatency"}

    assert len(ours) >= 8
    assert {name for name in ours if f'"{name}"' not in sources} == set()


WATCHED: Final = {
    ("AWS/States", "ExecutionsTimedOut"),
    ("AWS/Lambda", "Throttles"),
    ("AWS/Lambda", "Errors"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    ("AWS/DynamoDB", "WriteThrottleEvents"),
    ("AWS/ApiGateway", "Latency"),
    ("AWS/ApiGateway", "Count"),
}


def test_what_goes_wrong_rings() -> None:
    alarms = [each["Properties"] for each in resources("AWS::CloudWatch::Alarm").values()]

    assert {(each.get("Namespace"), each.get("MetricName")) for each in alarms} >= WATCHED


def test_each_queue_of_failures_rings_with_its_first_message() -> None:
    watched = {
        each["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: each["Properties"]["Threshold"]
        for each in resources("AWS::CloudWatch::Alarm").values()
        if each["Properties"].get("Namespace") == "AWS/SQS"
    }

    assert {name for name, threshold in watched.items() if threshold == 0} == {
        "DeadLetters",
        "FanOutFailures",
        "ReceiptFailures",
        "ScheduleFailures",
    }


# ---- people's sessions ----


def test_a_sessions_cookie_reaches_the_api_through_the_pages_and_comes_back() -> None:
    (api,) = [one for one in PAGES["CacheBehaviors"] if one["PathPattern"] == "/paymentgw/*"]

    # Managed policies: nothing is cached, and all that a browser sends, cookies among it, is handed on. Where cookies
    # are not handed on, CloudFront takes Set-Cookie out of the answers.
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert set(api["AllowedMethods"]) >= {"GET", "POST", "PATCH", "DELETE"}
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert "ResponseHeadersPolicyId" not in api


def test_no_other_answer_of_the_pages_knows_a_cookie() -> None:
    static = [
        one for one in (PAGES["DefaultCacheBehavior"], *PAGES["CacheBehaviors"]) if one["TargetOriginId"] != "api"
    ]

    assert len(static) == 4
    assert {one["CachePolicyId"] for one in static} == {"658327ea-f89d-4fab-a63d-7e88639e58f6"}
    assert not [one for one in static if "OriginRequestPolicyId" in one]


def test_the_merchants_table_forgets_what_has_a_time_and_no_merchant_no_key_and_no_line_of_a_trail() -> None:
    table = resources("AWS::DynamoDB::Table")["MerchantsTable"]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiresAtEpoch", "Enabled": True}
    adapters = ROOT / "shared" / "adapters" / "dynamodb"
    assert "expiresAtEpoch" not in _text(adapters / "merchants.py") + _text(adapters / "keys.py")
    records, _, names = _text(adapters / "merchants_listed.py").partition("# ---- names that were taken lately ----")
    assert ("expiresAtEpoch" in records, "expiresAtEpoch" in names) == (False, True)


def test_what_people_did_is_all_that_their_functions_may_write_beside_their_work() -> None:
    statements = [
        statement
        for role in resources("AWS::IAM::Role").values()
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        if "Condition" in statement and "DOINGS" in str(statement["Condition"])
    ]

    assert len(statements) > 10
    assert {json.dumps(one["Condition"]) for one in statements} == {
        '{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["DOINGS#*"]}}'
    }
