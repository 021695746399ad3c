"""What the HTTP API says when it is called wrongly."""

TEXTS: dict[str, tuple[str, str]] = {
    "api.type": ("参数 {name} 不对，应为{wanted}。", "Argument {name} is wrong; it has to be {wanted}."),
    "api.text": ("文字", "a text"),
    "api.number": ("整数或空", "a whole number or null"),
    "api.flag": ("true 或 false", "true or false"),
    "api.files": ("上传后的文件列表", "a list of uploaded files"),
    "api.one_of": ("以下之一：{values}", "one of: {values}"),
    "api.failed": ("出错了，没有完成。请看服务器的日志。", "Something went wrong; see the server's log."),
}
