"""The past of the five projects of projects.toml: invented people at events that make the published
figures.
"""

from demo.past import civic, delegation, leadership, smart_latvia, smart_lithuania

PLANS = (smart_lithuania.plan, leadership.plan, civic.plan, delegation.plan, smart_latvia.plan)
