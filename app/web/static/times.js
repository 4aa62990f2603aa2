// Shows every <time datetime> in the visitor's own time zone and language; with data-day without the hour.

const { lang } = document.documentElement;
const moment = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(lang, { dateStyle: "medium" });

function show() {
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (!Number.isNaN(at.valueOf())) element.textContent = ("day" in element.dataset ? day : moment).format(at);
  }
}

show();
document.addEventListener("htmx:after:swap", show);
