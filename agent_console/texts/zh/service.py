"""What the service says of entries it turns down, and of its database."""

TEXTS: dict[str, str] = {
    "error.server_store": "服务器的数据库没有应答：{reason}",
    "advice.server_store": "内容没有丢：坐席会带着同样的编号再试。请检查数据库、磁盘空间与网络",
    "error.server_jurisdiction": "{code} 不能作为热线代码",
    "advice.server_jurisdiction": "代码由小写字母、数字和下划线组成，以字母开头，例如 fujian",
    "sync.unknown_command": "服务器不认识这一步（{name}），请升级服务器",
    "sync.unknown_fact": "服务器不认识这条记录（{name}），请升级服务器",
    "sync.unknown_book": "服务器没有 {name} 的办法",
    "sync.wrong_stream": "这一步（{name}）不属于这份记录",
    "sync.unreadable": "内容读不出来，或已在本机清除",
    "sync.not_to_be_noted": "这条记录（{name}）不能直接写入",
    "sync.may_not_erase": "{role} 无权清除内容",
    "sync.history_elsewhere": "服务器上的这份记录已有别的内容，本机从前的记录接不上",
    "sync.written_over": "同一栏已被别人改过，请看过两边再改",
    "sync.other_seat": "这是另一个坐席的状态",
    "sync.role_not_vouched": "做这一步的人当时不能以 {role} 身份在本坐席工作（没有登录过，或那时账号已锁定），没有生效"
    "；可由有权的人按现状再做",
    "sync.missing": "缺少：{fields}",
    "sync.override": "需由有权的人特批，并写明理由",
    "sync.no_messages": "{role} 不能向坐席发消息",
}
