"""The words for a document that is not read, each with the way to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.documents.readers.refused import PaperRefusal
from tracker.translations import lazy as _l

REFUSALS: Mapping[PaperRefusal, Any] = {
    PaperRefusal.EMPTY: _l("文件里没有文字。如果内容是扫描图片，请先识别成文字，再粘贴到下面。"),
    PaperRefusal.TOO_LARGE: _l("文件太大：Word文件不得超过20 MB，Excel和文本不得超过5 MB。请删去图片后再传。"),
    PaperRefusal.TOO_MANY_ROWS: _l("表格超过20,000行，请拆成几个文件。"),
    PaperRefusal.TOO_LONG: _l("文件太长：超过20,000段或1,500,000字。请只留下要导入的计划，或者拆成几个文件。"),
    PaperRefusal.OLD_WORD: _l(
        "这是旧版Word文件（.doc）。请用Word或WPS打开，另存为.docx后再传，或者复制全文粘贴到下面。"
    ),
    PaperRefusal.OLD_EXCEL: _l("这是旧版Excel文件（.xls）。请用Excel或WPS打开，另存为.xlsx后再传。"),
    PaperRefusal.OLD_OFFICE: _l("这是旧版办公文件。请打开后另存为.docx或.xlsx再传，或者复制全文粘贴到下面。"),
    PaperRefusal.WPS: _l("这是WPS专用格式的文件。请用WPS打开，另存为.docx或.xlsx后再传，或者复制全文粘贴到下面。"),
    PaperRefusal.ENCRYPTED: _l("文件设有打开密码。请在“文件—信息—保护文档”中取消密码，保存后再传。"),
    PaperRefusal.MACROS: _l("文件带有宏，不能读取。请另存为不带宏的.docx或.xlsx后再传。"),
    PaperRefusal.PDF: _l("不能直接读取PDF。请打开PDF，全选复制文字，粘贴到下面；扫描件请先识别成文字。"),
    PaperRefusal.RTF: _l("这是RTF文件。请用Word或WPS打开，另存为.docx后再传。"),
    PaperRefusal.OFD: _l("不能直接读取OFD。请用阅读软件打开，复制文字粘贴到下面，或者转换成.docx后再传。"),
    PaperRefusal.OPEN_DOCUMENT: _l("这是OpenDocument文件（.odt、.ods）。请打开后另存为.docx或.xlsx再传。"),
    PaperRefusal.PICTURE: _l("这是图片。请先识别成文字，再粘贴到下面。"),
    PaperRefusal.WEB_PAGE: _l("这是网页文件。请用Word或WPS打开，另存为.docx后再传，或者复制正文粘贴到下面。"),
    PaperRefusal.BURSTS: _l("文件解压后过大或部件过多，不能读取。请在Word或Excel里新建文件，复制内容后另存再传。"),
    PaperRefusal.DECLARES: _l("文件里有不安全的声明，不能读取。请在Word或Excel里新建文件，复制内容后另存再传。"),
    PaperRefusal.DAMAGED: _l("文件已损坏，打不开。请在Word或Excel里打开并重新保存，再传一次。"),
    PaperRefusal.UNKNOWN: _l("不认识这种文件。请上传.docx、.xlsx或文本文件，或者复制全文粘贴到下面。"),
}
