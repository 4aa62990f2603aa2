// Shows every <time datetime> in the visitor's own time zone and language.

const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

function show() {
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (!Number.isNaN(at.valueOf())) element.textContent = format.format(at);
  }
}

show();
document.addEventListener("htmx:after:swap", show);
