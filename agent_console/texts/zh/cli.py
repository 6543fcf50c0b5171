"""Help and answers of the command line."""

TEXTS: dict[str, str] = {
    "help.program": "12345 热线坐席控制台",
    "error.settings": "配置文件 {path} 读不出来：{reason}",
    "advice.settings": "请对照 README 的“配置”一节改正，或删除该文件重新开始",
    "error.batch_line": "{path} 第 {line} 行：{reason}",
}
