echo rendered
