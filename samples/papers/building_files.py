"""Every paper in the sample scans, in the order of the list in scans/README.md."""

from samples.papers import inspections, letters, old_file, permits, plans, registers
from samples.papers.document import Document


def documents() -> list[Document]:
    """The fourteen papers."""
    return [
        permits.building_permit(),
        plans.ground_floor_plan(),
        permits.completion_certificate(),
        inspections.inspection_report(),
        inspections.old_health_licence(),
        inspections.violation_notice(),
        letters.correspondence(),
        letters.neighbours_consent(),
        letters.consultant_letter(),
        letters.committee_minutes(),
        registers.ownership_summary(),
        registers.fee_receipt(),
        registers.area_schedule(),
        old_file.building_file(),
    ]
