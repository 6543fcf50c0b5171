"""What went wrong and what to do about it."""

TEXTS: dict[str, str] = {
    "error.time": "看不懂的时间“{text}”",
    "advice.time": "请写成 2026-03-01T09:30 或 2026-03-01T09:30:00+08:00",
    "error.jurisdiction": "没有“{name}”这个地区的办法",
    "advice.jurisdiction": "可用的地区：{known}",
    "error.clause": "没有条款“{name}”",
    "advice.clause": "用 agent-console rules --jurisdiction {jurisdiction} 查看全部条款",
    "error.file": "打不开文件 {path}：{reason}",
    "advice.file": "请检查路径和权限",
    "error.data": "数据文件 {path} 读不出来：{reason}",
    "advice.data": "请对照 docs/new-jurisdiction.md 改正该文件",
    "error.json_line": "{path} 第 {line} 行不是合法的 JSON 对象：{reason}",
    "advice.json_line": "请改正这一行后重新运行，前面的结果已经输出",
    "error.call": "没有话务记录“{name}”，或写得太短、对应不止一条",
    "advice.call": "用 agent-console call list 查看编号",
    "error.order": "没有工单“{name}”",
    "advice.order": "请写完整工单号或末五位；用 agent-console order list 查看",
    "error.command": "本版本不认识命令“{name}”",
    "advice.command": "请升级本程序；数据没有改动",
    "error.order_ambiguous": "“{name}”对应{count}张工单",
}
