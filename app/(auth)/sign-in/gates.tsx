/** Two gates behind each other; the near one stands open on a passage. */
export function Gates() {
  return (
    <svg
      className="block size-full min-h-0 px-18 pt-18"
      viewBox="40 90 520 550"
      preserveAspectRatio="xMidYMax meet"
      fill="none"
      aria-hidden="true"
    >
      <path
        className="stroke-line-2 stroke-[1.5]"
        d="M60 640V270a170 170 0 0 1 340 0V640M84 640V270a146 146 0 0 1 292 0V640"
      />
      <path
        className="stroke-line-2 stroke-[1.25]"
        d="M133 161V640M182 132V640M230 124V640M278 132V640M327 161V640M84 300H376M84 385H376M84 470H376M84 555H376"
      />
      <path className="fill-page stroke-accent stroke-2" d="M236 640V360a150 150 0 0 1 300 0V640z" />
      <path
        className="stroke-accent-line stroke-[1.5]"
        d="M280 640L348 540M492 640L424 540M348 540V470a38 38 0 0 1 76 0V540zM364 540V472a22 22 0 0 1 44 0V540M258 640V360a128 128 0 0 1 256 0V640M280 640V360a106 106 0 0 1 212 0V640"
      />
    </svg>
  )
}
