"""Rows of real events."""

from __future__ import annotations

import json

from providers.azure.sinks.columns import row_of
from scanner.deliver.body import told_by
from scanner.report.ocsf import OcsfEvents
from tests.engine.deliver.test_body import made
from tests.providers.azure.sinks.fake_ingestion import check

OF_ALL = {
    "TimeGenerated", "EventTime", "EventUid", "ScanUid", "CheckUid", "ClassUid", "ClassName", "ActivityId",
    "ActivityName", "TypeUid", "SeverityId", "Severity", "StatusCode", "Message", "CloudProvider", "AccountUid",
    "Metadata", "Cloud", "Unmapped", "Rest",
}  # fmt: skip
OF_EACH = {
    2003: {"FindingUid", "FindingTitle", "ComplianceStatus", "Duty", "FindingInfo", "Compliance", "Resources"},
    6007: {"Scan", "Status"},
    6008: {"StatusDetail"},
}
"""Columns that events of a class fill, whatever they tell."""
RARE = {"observables", "category_uid", "category_name", "type_name", "timezone_offset", "confidence_id", "confidence"}
OF_SCANS = {"start_time", "num_detections", "num_skipped_items", "total", "count"}


def test_what_is_searched_for_has_its_column() -> None:
    classes = set()
    for event in made(OcsfEvents):
        body = json.loads(event.body)
        told = told_by(event.body.encode())
        assert told is not None
        row = row_of(body, told)
        check(row)
        assert set(row) >= OF_ALL | OF_EACH[body["class_uid"]]
        assert set(row["Rest"]) <= RARE | OF_SCANS
        assert "ShortenedColumns" not in row
        classes.add(body["class_uid"])
    assert classes == set(OF_EACH)
