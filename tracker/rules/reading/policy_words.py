"""Words of lists of documents that are to be issued (政策清单, 制度清单)."""

from __future__ import annotations

import re

# What the title of such a list says.
LISTS = re.compile(r"(?:政策|制度|文件|方案|规划).{0,12}(?:清单|目录|一览)|(?:清单|目录).{0,8}(?:政策|制度|文件)")
# What a document of its own is called at its end.
DOCUMENTS = re.compile(
    r"(?:方案|规划|计划|办法|意见|制度|政策|细则|预案|规定|规程|规范|通知|章程|标准|措施|条例|机制|清单|指南|守则)"
    r"[》”\"]?[。；;]?$"
)
LEAST_SHARE = 0.6


def is_list_of_documents(title: str) -> bool:
    """Whether a title announces documents."""
    return bool(LISTS.search(title))


def is_document(title: str) -> bool:
    """Whether an item names a document."""
    return bool(DOCUMENTS.search(title.strip()))
