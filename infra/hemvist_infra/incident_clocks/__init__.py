"""When an incident of the service must be reported (incidentrapportering), counted from when it was found.

Source: cybersäkerhetslagen (2025:1506), warning within 24 hours, notification within 72, report within a
month; GDPR art. 33, 72 hours where personal data are concerned. Kept in a file of one's own outside the
database, which may be what has failed. It holds instants, codes and slugs, never what happened to whom.
"""

from hemvist_infra.incident_clocks.clocks import CLOCKS, Clock, Due, due
from hemvist_infra.incident_clocks.keeping import Incident, IncidentProblem, Kept

__all__ = ["CLOCKS", "Clock", "Due", "Incident", "IncidentProblem", "Kept", "due"]
