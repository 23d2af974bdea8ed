/* Enhancement only: the chart that the server has drawn is drawn again, so that each moment can be read off. What
   draws it is fetched once the page has been painted: nobody waits for half a megabyte of script to see a number. */
(() => {
  const box = document.querySelector("[data-chart]");
  if (!box) return;
  const script = document.createElement("script");
  script.src = box.dataset.drawer;
  script.onload = () => live(box);
  new PerformanceObserver((_, painted) => {
    painted.disconnect();
    document.head.append(script);
  }).observe({ type: "paint", buffered: true });
})();

function live(box) {
  const told = document.querySelector("[data-chart-read]");
  const data = JSON.parse(box.dataset.chart);
  const host = document.createElement("div");
  host.className = "chart-live";
  box.prepend(host);
  const chart = echarts.init(host, null, { renderer: "canvas" });
  const begin = data.values.now.length - 1;
  const points = (values, from = 0) => values.map((value, n) => [data.xs[from + n], value]);

  function draw() {
    const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis = { type: "value", axisLabel: { show: false }, axisTick: { show: false }, axisLine: { show: false }, splitLine: { show: false } };
    const line = (values, color, style = {}, from = 0) => ({
      type: "line", data: points(values, from), symbol: "none", silent: true, animation: false,
      lineStyle: { color, width: 2, ...style }, itemStyle: { color },
    });
    const coming = data.values.middle.length
      ? [
          { ...line(data.values.low, "transparent", { width: 0 }, begin), stack: "band" },
          {
            ...line(data.values.high.map((value, n) => value - data.values.low[n]), "transparent", { width: 0 }, begin),
            stack: "band", areaStyle: { color: token("--viz-1"), opacity: 0.14 },
          },
          line(data.values.middle, token("--viz-1"), { type: "dashed" }, begin),
          line([0, data.top], token("--line-strong"), { width: 1, type: "dashed" }),
        ]
      : [];
    if (coming.length) coming[3].data = [[data.xs[begin], 0], [data.xs[begin], data.top]];
    chart.setOption({
      grid: { left: 0, right: 0, top: 0, bottom: 0, containLabel: false },
      xAxis: { ...axis, min: 0, max: 100 },
      yAxis: { ...axis, min: 0, max: data.top, interval: data.ticks[1], splitLine: { show: true, lineStyle: { color: token("--viz-grid") } } },
      series: [...coming, line(data.values.before, token("--viz-base"), { width: 1.5 }), line(data.values.now, token("--viz-1"))],
    }, true);
  }

  function read(event) {
    const place = box.getBoundingClientRect();
    const x = (100 * (event.clientX - place.left)) / place.width;
    let n = 0;
    data.xs.forEach((at, index) => { if (Math.abs(at - x) < Math.abs(data.xs[n] - x)) n = index; });
    const now = data.shown.now[n] ?? data.shown.middle[n - begin];
    const parts = now ? [`${data.names.now} ${now}`] : [];
    told.textContent = [data.labels[n], ...parts, `${data.names.before} ${data.shown.before[n]}`].join(" · ");
  }

  draw();
  box.dataset.drawn = "";
  box.addEventListener("pointermove", read);
  box.addEventListener("pointerdown", read);
  new ResizeObserver(() => chart.resize()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
