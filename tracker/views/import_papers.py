"""The document that a form sends, as it was read; where it is refused the form says why."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

from flask_babel import gettext as _

from tracker.actions.imports import SaidPaper
from tracker.documents.ledger_sheet import LEDGER_TITLES
from tracker.documents.paper import Paper, Table
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.plain_text import read_text
from tracker.documents.readers.refused import PaperRefused
from tracker.documents.recognition.recogniser import recognise
from tracker.forms.imports import NewImportForm
from tracker.views.import_words import REFUSALS

LARGEST_PAPER = 20 * 1024 * 1024


def is_ledger(paper: Paper) -> bool:
    """Whether a workbook is the list that the ledger exports, in the words of either language."""
    return any(isinstance(block, Table) and block.sheet in LEDGER_TITLES for block in paper.blocks)


def paper_said(form: NewImportForm) -> SaidPaper | None:
    """The document as it was read; None where it is refused, and then the form says why."""
    if form.file.data:
        content = form.file.data.stream.read(LARGEST_PAPER + 1)
        name = form.file.data.filename or ""
        if len(content) > LARGEST_PAPER:
            form.file.errors = [_("文件超过 20 MB。图片多的文件，请删去图片后另存一份再上传。")]
            return None
        try:
            paper = read_paper(BytesIO(content), name)
        except PaperRefused as refused:
            form.file.errors = [REFUSALS[refused.refusal]]
            return None
    else:
        content, name = (form.pasted.data or "").encode(), _("粘贴的文字")
        paper = read_text(form.pasted.data or "")
    if is_ledger(paper):
        words = _("这是任务台账导出的列表，只供查看。请在计划页面“导出 Excel”，改好后导入那个文件。")
        form.file.errors = [words]
        return None
    if not paper.blocks:
        field = form.file if form.file.data else form.pasted
        field.errors = [_("里面没有文字。扫描件请先识别成文字，再粘贴到下面。")]
        return None
    return SaidPaper(name, sha256(content).hexdigest(), paper, recognise(paper))
