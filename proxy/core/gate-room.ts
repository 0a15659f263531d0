/** Something to wait for until there is room again. */
export interface Room {
  readonly promise: Promise<void>
  open(): void
}

export function makeRoom(): Room {
  let open = () => {}
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open }
}
