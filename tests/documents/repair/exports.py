"""A text of ours, and the bytes of a decoding that lost one."""

CLEAN = """客户说包裹三天没有动静，你会先查什么？
我会先核对运单号，再联系配送站点，问清楚包裹停在哪里。
如果站点当天不能答复，我就向客户说明原因，并约好回电的时间。
回电时要讲实际进展，不能只说“请耐心等待”。客户要的是确定的结果。
遇到客户情绪激动，先听完，再复述他的要求，确认没有误会。
“您说的我都记下了。”这句话要在复述之后讲，否则像敷衍。
处理完以后，在系统里写清经过、责任和补偿，方便下一位同事接手。
每周复盘一次投诉记录，把重复出现的问题报给产品团队（附上次数）。"""


def misread(text: str) -> str:
    """The text as it is shown where the first byte of its first character was lost."""
    return "?" + text.encode("gbk")[1:].decode("gb18030", errors="replace")
